namespace FaceCloud.Cli.Enrolment;

/// <summary>One photo of a folder.</summary>
/// <param name="PersonId">Whose.</param>
/// <param name="Path">The file.</param>
/// <param name="Source">The path below the folder, with slashes; it stands in the report.</param>
internal sealed record EnrolmentPhoto(string PersonId, string Path, string Source);
