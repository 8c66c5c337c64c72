namespace FaceCloud.Inference.Sessions;

/// <summary>What runs a network.</summary>
public enum ExecutionProvider
{
    /// <summary>CUDA where it works, else the CPU; one log line says which.</summary>
    Auto = 1,
    Cpu = 2,
    Cuda = 3,
    TensorRt = 4,
}
