using System.Text.Json;
using FaceCloud.Contracts;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Tests.Testing;
using FaceCloud.Testing;

namespace FaceCloud.Inference.Tests.Encoding;

/// <summary>An encoder that the shipped manifest knows against its golden values; where its file is.</summary>
public sealed class StarterEncoderTests
{
    [Fact]
    public async Task EncodeAsync_SyntheticInput_GoldenEmbedding()
    {
        // expected.json, made by another implementation: x[c,y,x] = ((c*37 + y*11 + x*7) mod 256 - 127.5) / 128 on 96 columns.
        using var encoder = Open();
        var golden = JsonDocument.Parse(File.ReadAllText(SharedData.Expected)).RootElement.GetProperty("synthetic");
        var norm = golden.GetProperty("embedding_l2norm").GetSingle();
        var crop = new byte[AlignedCrop.Bytes];
        for (var y = 0; y < 112; y++)
        {
            for (var x = 0; x < 96; x++)
            {
                for (var c = 0; c < 3; c++)
                {
                    crop[(((y * 112) + x + 8) * 3) + c] = (byte)(((c * 37) + (y * 11) + (x * 7)) % 256);
                }
            }
        }

        var embedding = (await encoder.EncodeAsync([crop], EncodePriority.Interactive, TestContext.Current.CancellationToken)).Embeddings[0];

        var expected = golden.GetProperty("embedding_first8").EnumerateArray().Select(value => value.GetSingle() / norm).ToArray();
        Assert.Equal(128, embedding.Length);
        Assert.InRange(BatchInvariance.Largest(expected, embedding[..8]), 0, 1e-4f);
    }

    [Fact]
    public async Task EncodeAsync_AnyPositionAndBatch_SameEmbedding()
    {
        using var encoder = Open(new BatchingOptions { MaxBatch = 16, MaxWait = TimeSpan.FromMilliseconds(1) });

        await BatchInvariance.AssertAsync(encoder);
    }

    private static OnnxFaceEncoder Open(BatchingOptions? batching = null)
    {
        SharedData.SkipUnlessPresent();
        return ModelFolder.Open(new ModelCatalog(new ModelsOptions { Directory = SharedData.Models, Manifest = SharedData.Manifest, Encoder = "mobilefacenet-112x96" }).Encoder, 1, batching);
    }
}
