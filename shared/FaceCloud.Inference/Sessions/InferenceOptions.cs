using System.ComponentModel.DataAnnotations;

namespace FaceCloud.Inference.Sessions;

/// <summary>Where and how networks run.</summary>
public sealed class InferenceOptions
{
    public const string SectionName = "Inference";

    /// <summary>auto, cpu, cuda or tensorrt; default auto. A demanded provider that cannot load stops the process.</summary>
    [EnumDataType(typeof(ExecutionProvider))]
    public ExecutionProvider ExecutionProvider { get; set; } = ExecutionProvider.Auto;

    /// <summary>Sessions of a network, each running one batch at a time; default: one a core on the CPU, one on a GPU.</summary>
    [Range(1, 1024)]
    public int? Sessions { get; set; }

    /// <summary>Which GPU, from 0; default 0.</summary>
    [Range(0, 63)]
    public int Device { get; set; }
}
