using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Cli.Demo;

/// <summary>A photo and who FaceCloud says it shows.</summary>
internal sealed record Identification(SamplePhoto Photo, IdentifyResponse Answer)
{
    /// <summary>Whom the largest face was taken for; null for nobody.</summary>
    public string? Named => Nearest is { AboveThreshold: true } nearest && Answer.Outcome == IdentifyOutcome.Recognized ? nearest.PersonId : null;

    /// <summary>Most similar enrolled person of the largest face, above the threshold or not.</summary>
    public Candidate? Nearest => Answer.Faces.FirstOrDefault()?.Candidates.FirstOrDefault();

    /// <summary>Somebody got a name that is not his: the failure that counts most.</summary>
    public bool IsWrong => Named is not null && Named != Photo.Person;

    public bool IsRight => Named == Photo.Person;
}
