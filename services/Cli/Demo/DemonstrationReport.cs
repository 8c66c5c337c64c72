using FaceCloud.Cli.Enrolment;

namespace FaceCloud.Cli.Demo;

/// <summary>All answers of a <see cref="Demonstration"/>.</summary>
/// <param name="Enrolment">What became of the photos that were enrolled.</param>
/// <param name="Identified">Probes of enrolled persons, then strangers.</param>
/// <param name="Groups">Group photos, all faces.</param>
/// <param name="Verified">Genuine claims, then impostors' claims.</param>
internal sealed record DemonstrationReport(
    EnrolmentReport Enrolment,
    IReadOnlyList<Identification> Identified,
    IReadOnlyList<Identification> Groups,
    IReadOnlyList<Verification> Verified)
{
    public IEnumerable<Identification> Probes => Identified.Where(i => i.Photo.Person is not null);

    public IEnumerable<Identification> Strangers => Identified.Where(i => i.Photo.Person is null);

    /// <summary>Nobody got another's name or passed for another, and not everybody was turned away.</summary>
    public bool IsGood =>
        !Identified.Any(i => i.IsWrong) && !Verified.Any(v => v.Answer.Matched && !v.IsGenuine) && Probes.Any(i => i.IsRight);
}
