namespace FaceCloud.Gallery.Index;

/// <summary>Where embeddings are searched; the same words as the proto enum IndexKind.</summary>
public enum IndexKind
{
    /// <summary>In this process' memory; exact; one Gallery process.</summary>
    Embedded = 1,

    /// <summary>In a Qdrant server or cluster; any number of Gallery processes.</summary>
    Qdrant = 2,
}
