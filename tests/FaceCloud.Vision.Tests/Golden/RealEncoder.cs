using FaceCloud.Contracts;
using FaceCloud.Numerics;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Vision.Tests.Golden;

/// <summary>The golden embeddings' encoder, run plainly: columns 8..103 of the crop, RGB, (x - 127.5) / 128, unit length.</summary>
internal sealed class RealEncoder : IDisposable
{
    private const int FirstColumn = 8;
    private const int Columns = 96;

    private static readonly Lazy<RealEncoder> Lazy = new(() => new RealEncoder());
    private readonly InferenceSession _session = new(Analyzers.RealModels().Encoder.Path);

    public static RealEncoder Instance => Lazy.Value;

    public void Dispose() => _session.Dispose();

    public float[] Embed(ReadOnlyMemory<byte> crop)
    {
        var input = new float[3 * AlignedCrop.Size * Columns];
        for (var i = 0; i < input.Length; i++)
        {
            var (channel, row, column) = (i / (AlignedCrop.Size * Columns), i / Columns % AlignedCrop.Size, i % Columns);
            input[i] = (crop.Span[(((row * AlignedCrop.Size) + column + FirstColumn) * 3) + channel] - 127.5f) / 128;
        }

        using var run = new RunOptions();
        using var tensor = OrtValue.CreateTensorValueFromMemory(input, [1, 3, AlignedCrop.Size, Columns]);
        using var outputs = _session.Run(run, ["input"], [tensor], ["embedding"]);
        var embedding = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        Assert.True(Vectors.Normalize(embedding));
        return embedding;
    }
}
