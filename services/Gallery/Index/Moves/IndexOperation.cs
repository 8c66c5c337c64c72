using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index.Moves;

/// <summary>What is being done to the index, or was last; a new one for every step of it.</summary>
public sealed record IndexOperation
{
    public required IndexOperationKind Kind { get; init; }

    public IndexOperationState State { get; init; } = IndexOperationState.Running;

    /// <summary>Verify: of this one only; null: all.</summary>
    public GalleryKey? Gallery { get; init; }

    /// <summary>Verify: drift is repaired.</summary>
    public bool Repair { get; init; }

    /// <summary>Rebuild and switch: what is filled.</summary>
    public IndexKind? Target { get; init; }

    public int Galleries { get; init; }

    public int GalleriesDone { get; init; }

    /// <summary>What was found. Of a rebuild or switch: what the new index still lacked after it was filled.</summary>
    public Drift Drift { get; init; }

    /// <summary>For people: what it waits for, or why it ended.</summary>
    public string Message { get; init; } = "";

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
