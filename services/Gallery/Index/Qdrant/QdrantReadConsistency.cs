namespace FaceCloud.Gallery.Index.Qdrant;

/// <summary>How many replicas of a shard a read asks.</summary>
public enum QdrantReadConsistency
{
    /// <summary>One without replicas, a majority with them.</summary>
    Automatic,

    /// <summary>Any one.</summary>
    One,

    /// <summary>All; what most of them hold.</summary>
    Majority,

    /// <summary>More than half; what all of these hold.</summary>
    Quorum,

    /// <summary>All; what all of them hold.</summary>
    All,
}
