using System.Globalization;
using System.Text;
using System.Text.Json;
using FaceCloud.Contracts;
using RabbitMQ.Client;

namespace FaceCloud.Cli.DeadLetters;

/// <summary>A message that its consumer could not do, and what the headers and the envelope say of it. Nothing of it is trusted.</summary>
internal sealed record DeadLetter
{
    private const string Serialization = "System.Runtime.Serialization.SerializationException";

    // What ends the item as FAILED together with the dead letter; enrolling it afterwards would contradict its outcome.
    private static readonly string[] StepsOfItems = [Queues.CropFaces, Queues.EncodeFace, Queues.FaceEncoded];

    /// <summary>The queue it was meant for.</summary>
    public required string Queue { get; init; }

    /// <summary>ERROR: its consumer failed or could not read it. SKIPPED: of a kind that the consumer does not know.</summary>
    public required string Kind { get; init; }

    public required string? MessageId { get; init; }

    /// <summary>As <c>Namespace:Name</c>; null where there is no envelope.</summary>
    public required string? MessageType { get; init; }

    public required string? Reason { get; init; }

    public required string? ExceptionType { get; init; }

    public required string? FailedAt { get; init; }

    public required string? JobId { get; init; }

    public required string? ItemId { get; init; }

    public required string? GalleryId { get; init; }

    public required string Body { get; init; }

    public required int Bytes { get; init; }

    /// <summary>Its item has ended as FAILED for it.</summary>
    public bool IsEnded => Kind == "ERROR" && ExceptionType is not null and not Serialization && StepsOfItems.Contains(Queue);

    public static DeadLetter Read(string queue, bool isError, BasicGetResult message)
    {
        var body = Encoding.UTF8.GetString(message.Body.Span);
        var (envelope, target) = Parts(body);
        return new DeadLetter
        {
            Queue = queue,
            Kind = isError ? "ERROR" : "SKIPPED",
            MessageId = message.BasicProperties.MessageId ?? Text(envelope, "messageId"),
            MessageType = TypeOf(envelope),
            Reason = Header(message, "MT-Fault-Message") ?? Header(message, "x-first-death-reason") ?? Header(message, "MT-Reason"),
            ExceptionType = Header(message, "MT-Fault-ExceptionType"),
            FailedAt = Header(message, "MT-Fault-Timestamp"),
            JobId = Text(target, "jobId"),
            ItemId = Text(target, "itemId"),
            GalleryId = Text(target, "galleryId"),
            Body = body,
            Bytes = message.Body.Length,
        };
    }

    private static object? Value(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) ? value : null;

    private static string? Header(BasicGetResult message, string name) => Value(message.BasicProperties.Headers, name) switch
    {
        byte[] text => Encoding.UTF8.GetString(text),
        null => null,
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    // Of an envelope, or of the message itself where it came without one.
    private static (JsonElement Envelope, JsonElement Target) Parts(string body)
    {
        try
        {
            var envelope = JsonDocument.Parse(body).RootElement;
            var message = Member(envelope, "message") is { ValueKind: JsonValueKind.Object } inner ? inner : envelope;
            var target = Member(message, "target") is { ValueKind: JsonValueKind.Object } item ? item : message;
            return (envelope, target);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? TypeOf(JsonElement envelope)
    {
        const string prefix = "urn:message:";
        return Member(envelope, "messageType") is { ValueKind: JsonValueKind.Array } types && types.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } type
            ? type.GetString()!.Replace(prefix, "", StringComparison.Ordinal)
            : null;
    }

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;
}
