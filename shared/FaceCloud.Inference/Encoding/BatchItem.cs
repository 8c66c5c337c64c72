namespace FaceCloud.Inference.Encoding;

/// <summary>One item of a batch that starts now.</summary>
/// <param name="Value">The item.</param>
/// <param name="Queued">How long it waited.</param>
public readonly record struct BatchItem<TItem>(TItem Value, TimeSpan Queued);
