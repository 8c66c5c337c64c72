namespace FaceCloud.Inference.Encoding;

public enum EncodePriority
{
    /// <summary>Somebody waits for the answer: goes first.</summary>
    Interactive,

    /// <summary>Work from the queue: fills what is left.</summary>
    Bulk,
}
