using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Encoding;

namespace FaceCloud.Encoder.Tests.Testing;

/// <summary>Fails a number of calls, then hands them on.</summary>
public sealed class FlakyEncoder(IFaceEncoder encoder, int failures, FailureReason reason) : IFaceEncoder
{
    private int _calls;

    public int Calls => _calls;

    public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) => encoder.GetModelAsync(cancellationToken);

    public Task<EncodedFaces> EncodeAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, EncodePriority priority, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref _calls) <= failures
            ? throw new FailureException(reason, "The accelerator is out of memory.")
            : encoder.EncodeAsync(crops, priority, cancellationToken);
}
