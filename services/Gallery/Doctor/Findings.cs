using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Doctor;

/// <summary>What the doctor found; every list has its worst first.</summary>
public sealed record Findings
{
    public required Finding<MislabelledFace> Mislabelled { get; init; }

    public required Finding<PersonPair> Duplicates { get; init; }

    public required Finding<PersonPair> LookAlikes { get; init; }

    public required Finding<WeakTemplate> WeakTemplates { get; init; }

    /// <summary>By id.</summary>
    public required Finding<string> SinglePhotoPersons { get; init; }

    /// <summary>By id.</summary>
    public required Finding<string> EmptyPersons { get; init; }

    public required long PersonsExamined { get; init; }

    public required long FacesExamined { get; init; }

    public required GallerySummary Gallery { get; init; }

    public required Threshold MatchThreshold { get; init; }

    public required Threshold NameThreshold { get; init; }
}
