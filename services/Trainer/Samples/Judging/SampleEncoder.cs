using System.Globalization;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Evaluation;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Samples.Judging;

/// <summary>An encoder that the sample people are to work with.</summary>
public sealed class SampleEncoder : IDisposable
{
    private const float UsualDivisor = 127.5f;

    private readonly OnnxEncoder _encoder;
    private readonly Augmenter _plain = new(AugmentationOptions.None);

    private SampleEncoder(OnnxEncoder encoder, string name, string fingerprint) => (_encoder, Name, Fingerprint) = (encoder, name, fingerprint);

    public string Name { get; }

    /// <summary>Changes with the file.</summary>
    public string Fingerprint { get; }

    /// <param name="specification">An ONNX file, or <c>file:128</c> where pixels are given as (x − 127.5) / 128.</param>
    public static SampleEncoder Open(string specification)
    {
        var (path, divisor) = (specification, UsualDivisor);
        if (specification.LastIndexOf(':') is > 0 and var colon && float.TryParse(specification[(colon + 1)..], CultureInfo.InvariantCulture, out var given) && given > 0)
        {
            (path, divisor) = (specification[..colon], given);
        }

        if (!File.Exists(path))
        {
            throw new TrainerException($"There is no encoder {path}.");
        }

        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16];
        return new SampleEncoder(new OnnxEncoder(path, divisor), Path.GetFileNameWithoutExtension(path), fingerprint);
    }

    /// <summary>Unit length.</summary>
    /// <param name="crop">byte[120 × 120 × 3].</param>
    public float[] Encode(ReadOnlySpan<byte> crop)
    {
        var photo = new float[Augmenter.Length];
        _plain.Apply(crop, default, photo);
        return Normalised(_encoder.Encode(photo, 1), 1);
    }

    /// <summary>The embeddings of rows side by side, each of unit length.</summary>
    public float[] EncodeAll(PixelCache pixels, int firstRow, int count)
    {
        var photos = new float[count * Augmenter.Length];
        for (var i = 0; i < count; i++)
        {
            _plain.Apply(pixels.Pixels(firstRow + i), default, photos.AsSpan(i * Augmenter.Length, Augmenter.Length));
        }

        return Normalised(_encoder.Encode(photos, count), count);
    }

    /// <summary>Of <see cref="PixelCache"/>'s form, from the 112×112 crop that the services give an encoder.</summary>
    public float[] EncodeCrop(ReadOnlyMemory<byte> crop) => Encode(CropPixels.Border(crop));

    public void Dispose() => _encoder.Dispose();

    private static float[] Normalised(float[] embeddings, int count)
    {
        var dimension = embeddings.Length / count;
        for (var i = 0; i < count; i++)
        {
            var embedding = embeddings.AsSpan(i * dimension, dimension);
            TensorPrimitives.Divide(embedding, Math.Max(1e-12f, TensorPrimitives.Norm(embedding)), embedding);
        }

        return embeddings;
    }
}
