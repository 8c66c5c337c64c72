namespace FaceCloud.Cli.DeadLetters;

/// <summary>The broker does not do what is asked; the message says what, and what became of the dead letters.</summary>
internal sealed class BrokerException(string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Reason { get; } = reason;
}
