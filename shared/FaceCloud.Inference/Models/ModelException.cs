namespace FaceCloud.Inference.Models;

/// <summary>A model, its manifest or its execution provider is not usable; the sentence says what to set or bring.</summary>
public sealed class ModelException : Exception
{
    public ModelException(string message)
        : base(message)
    {
    }

    public ModelException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The file is no model at all, whatever it is fed.</summary>
    public bool IsNoModel { get; init; }
}
