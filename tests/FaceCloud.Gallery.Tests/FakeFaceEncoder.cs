using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;

namespace FaceCloud.Gallery.Tests;

/// <summary>
/// Embeds drawn faces by the colours of their tiles: one seed gives nearly one direction, two seeds nearly right angles.
/// Can be down, change its model, or hold calls until the test lets them go.
/// </summary>
internal sealed class FakeFaceEncoder : IFaceEncoder
{
    private const int Tiles = 8;
    private const int TileSize = AlignedCrop.Size / Tiles;

    // Means of the two colours that a tile may have (FaceCloud.Testing draws them).
    private static readonly float[] Centre = [165, 90, 165];

    private int _calls;

    public static int Dimension => Tiles * Tiles * AlignedCrop.Channels;

    public int Calls => _calls;

    public bool IsDown { get; set; }

    public string Contract { get; set; } = TestFaces.Contract;

    /// <summary>Calls wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Ends when a call has come.</summary>
    public TaskCompletionSource Called { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<CalibrationPoint> Calibration { get; set; } = [new(1e-2, 0.3f), new(1e-3, 0.4f), new(1e-4, 0.46f)];

    public VerifierHead? Head { get; set; }

    public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) =>
        IsDown ? throw Down() : ValueTask.FromResult(new EncoderModel
        {
            Name = "test",
            EmbeddingContract = Contract,
            Dimension = Dimension,
            Sha256 = new string('0', 64),
            ExecutionProvider = "cpu",
            Licence = "none",
            Calibration = Calibration,
            Head = Head,
        });

    public async Task<EncodedFaces> EncodeAsync(IReadOnlyList<ReadOnlyMemory<byte>> crops, EncodePriority priority, CancellationToken cancellationToken)
    {
        if (IsDown)
        {
            throw Down();
        }

        Interlocked.Increment(ref _calls);
        Called.TrySetResult();
        await Gate.WaitAsync(cancellationToken);
        return new EncodedFaces([.. crops.Select(crop => Embed(crop.Span))], Contract, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));
    }

    private static FailureException Down() => new(FailureReason.EncoderUnavailable, "The encoder does not answer; try again in a few seconds.");

    private static float[] Embed(ReadOnlySpan<byte> crop)
    {
        var sums = new float[Dimension];
        for (var y = 0; y < AlignedCrop.Size; y++)
        {
            for (var x = 0; x < AlignedCrop.Size; x++)
            {
                // The disc that the detector finds looks the same on every face.
                var (column, row) = (x / TileSize, y / TileSize);
                if (column is 3 or 4 && row is 4 or 5)
                {
                    continue;
                }

                for (var channel = 0; channel < AlignedCrop.Channels; channel++)
                {
                    var value = crop[((y * AlignedCrop.Size) + x) * AlignedCrop.Channels + channel];
                    sums[((row * Tiles) + column) * AlignedCrop.Channels + channel] += value - Centre[channel];
                }
            }
        }

        return Embeddings.Normalized(sums)!;
    }
}
