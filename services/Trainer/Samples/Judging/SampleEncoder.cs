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
    private readonly bool _mirror;
    private readonly Augmenter _plain = new(AugmentationOptions.None);
    private readonly Augmenter _mirrored = new(AugmentationOptions.None with { Flip = 1 });

    private SampleEncoder(OnnxEncoder encoder, bool mirror, string name, string fingerprint) => (_encoder, _mirror, Name, Fingerprint) = (encoder, mirror, name, fingerprint);

    public string Name { get; }

    /// <summary>Changes with the file.</summary>
    public string Fingerprint { get; }

    /// <param name="specification">
    /// An ONNX file; <c>file:128</c> where pixels are given as (x − 127.5) / 128; <c>file:mirror</c> where the mirrored crop's embedding is added.
    /// </param>
    public static SampleEncoder Open(string specification)
    {
        var (path, divisor, mirror) = (specification, UsualDivisor, false);
        while (path.LastIndexOf(':') is > 1 and var colon)
        {
            var word = path[(colon + 1)..];
            if (word == "mirror")
            {
                mirror = true;
            }
            else if (float.TryParse(word, CultureInfo.InvariantCulture, out var given) && given > 0)
            {
                divisor = given;
            }
            else
            {
                break;
            }

            path = path[..colon];
        }

        if (!File.Exists(path))
        {
            throw new TrainerException($"There is no encoder {path}.");
        }

        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16];
        return new SampleEncoder(new OnnxEncoder(path, divisor), mirror, Path.GetFileNameWithoutExtension(path), mirror ? fingerprint + "-mirror" : fingerprint);
    }

    /// <summary>Unit length.</summary>
    /// <param name="crop">byte[120 × 120 × 3].</param>
    public float[] Encode(ReadOnlySpan<byte> crop)
    {
        var photo = new float[Augmenter.Length];
        _plain.Apply(crop, default, photo);
        var embedding = _encoder.Encode(photo, 1);
        if (_mirror)
        {
            _mirrored.Apply(crop, default, photo);
            TensorPrimitives.Add(embedding, _encoder.Encode(photo, 1), embedding);
        }

        return Normalised(embedding, 1);
    }

    /// <summary>The embeddings of rows side by side, each of unit length.</summary>
    public float[] EncodeAll(PixelCache pixels, int firstRow, int count)
    {
        var sum = Encode(_plain);
        if (_mirror)
        {
            TensorPrimitives.Add(sum, Encode(_mirrored), sum);
        }

        return Normalised(sum, count);

        float[] Encode(Augmenter augmenter)
        {
            var photos = new float[count * Augmenter.Length];
            for (var i = 0; i < count; i++)
            {
                augmenter.Apply(pixels.Pixels(firstRow + i), default, photos.AsSpan(i * Augmenter.Length, Augmenter.Length));
            }

            return _encoder.Encode(photos, count);
        }
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
