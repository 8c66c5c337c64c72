using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Cli.Enrolment;

/// <summary>What became of every photo of a folder.</summary>
internal sealed record EnrolmentReport
{
    public required EnrolmentFolder Folder { get; init; }

    public required bool GalleryCreated { get; init; }

    public required Job Job { get; init; }

    public required IReadOnlyList<Item> Items { get; init; }

    /// <summary>Photos that the server did not take.</summary>
    public required IReadOnlyList<RefusedPhoto> Refused { get; init; }

    public required long RefusedCount { get; init; }

    /// <summary>Photos that could not be read here.</summary>
    public required IReadOnlyList<(EnrolmentPhoto Photo, string Message)> Unreadable { get; init; }

    /// <summary>From the first photo sent to the last outcome.</summary>
    public required TimeSpan Elapsed { get; init; }

    public double PhotosPerSecond => Items.Count / Math.Max(Elapsed.TotalSeconds, 1e-9);
}
