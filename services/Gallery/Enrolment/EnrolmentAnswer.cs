using FaceCloud.Contracts;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;
using FaceCloud.Vision;

namespace FaceCloud.Gallery.Enrolment;

public sealed record EnrolmentAnswer
{
    public required EnrolOutcome Outcome { get; init; }

    /// <summary>Set when enrolled or duplicate.</summary>
    public FaceRow? Face { get; init; }

    public IReadOnlyList<QualityReason> Reasons { get; init; } = [];

    /// <summary>Null when the photo was known already and not looked at.</summary>
    public PhotoAnalysis? Photo { get; init; }

    public StageTimes Times { get; init; } = new();
}
