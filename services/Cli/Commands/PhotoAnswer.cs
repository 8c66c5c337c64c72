namespace FaceCloud.Cli.Commands;

/// <summary>What came of one photo: an answer or an error.</summary>
internal sealed record PhotoAnswer<TAnswer>(string Photo)
    where TAnswer : class
{
    public TAnswer? Answer { get; init; }

    public (string Reason, string Message, ExitCode Code)? Error { get; init; }
}
