namespace FaceCloud.Cli.Manifests;

/// <summary>A row that became no item of the job.</summary>
/// <param name="Line">From 1, the header counted.</param>
/// <param name="Place">The path or reference, as far as it could be read; at most 1024 characters.</param>
/// <param name="PersonId">As far as it could be read; at most 128 characters.</param>
/// <param name="Reason">For programs.</param>
/// <param name="Message">For people.</param>
internal sealed record RejectedRow(long Line, string Place, string PersonId, string Reason, string Message)
{
    public const int MostOfAPlace = 1024;
    private const int MostOfAPersonId = 128;

    public static RejectedRow Of(ManifestRow row, string reason, string message) =>
        new(row.Line, Last(row.Place), row.PersonId.Length > MostOfAPersonId ? row.PersonId[..MostOfAPersonId] + "…" : row.PersonId, reason, message);

    /// <summary>The end of a path says more than its beginning.</summary>
    public static string Last(string place) => place.Length > MostOfAPlace ? place[^MostOfAPlace..] : place;
}
