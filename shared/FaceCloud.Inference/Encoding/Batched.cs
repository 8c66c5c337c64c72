namespace FaceCloud.Inference.Encoding;

/// <summary>What became of one item of a batch.</summary>
/// <param name="Result">Its own.</param>
/// <param name="Queued">From its arrival to the start of its batch.</param>
/// <param name="Running">Of the whole batch.</param>
public readonly record struct Batched<TResult>(TResult Result, TimeSpan Queued, TimeSpan Running);
