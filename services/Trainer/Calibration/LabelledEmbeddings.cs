using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Calibration;

/// <summary>Photos and what an encoder makes of them.</summary>
/// <param name="Photos">Who is on each.</param>
/// <param name="Values">float32[D] of each, unit length.</param>
public sealed record LabelledEmbeddings(LabelledPhotos Photos, IReadOnlyList<float[]> Values)
{
    private const int Batch = 64;
    private const int Margin = (PixelCache.Side - AlignedCrop.Size) / 2;

    /// <summary>Encodes the middle 112×112 of every photo, as the product would.</summary>
    /// <exception cref="TrainerException">A photo gives no usable embedding; it is named.</exception>
    public static async Task<LabelledEmbeddings> ComputeAsync(
        IPhotoEncoder encoder, LabelledPhotos photos, PixelCache pixels, Action<string> progress, CancellationToken cancellationToken)
    {
        const int tell = 5000;
        var values = new List<float[]>(photos.Rows.Count);
        foreach (var part in photos.Rows.Chunk(Batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var crops = part.Select(row => Middle(pixels.Pixels(row))).ToArray();
            try
            {
                values.AddRange(await encoder.EncodeAsync(crops, cancellationToken).ConfigureAwait(false));
            }
            catch (FailureException)
            {
                // The batch does not say which one it was.
                await NameCulpritAsync(encoder, photos, values.Count, crops, cancellationToken).ConfigureAwait(false);
                throw;
            }

            if (values.Count / tell > (values.Count - part.Length) / tell)
            {
                progress($"encoded {values.Count} of {photos.Rows.Count} photos");
            }
        }

        return new LabelledEmbeddings(photos, values);
    }

    /// <summary>The photos that pass.</summary>
    public LabelledEmbeddings Where(Func<int, bool> place) => new(Photos.Where(place), [.. Values.Where((_, i) => place(i))]);

    private static async Task NameCulpritAsync(
        IPhotoEncoder encoder, LabelledPhotos photos, int first, ReadOnlyMemory<byte>[] crops, CancellationToken cancellationToken)
    {
        for (var i = 0; i < crops.Length; i++)
        {
            try
            {
                await encoder.EncodeAsync([crops[i]], cancellationToken).ConfigureAwait(false);
            }
            catch (FailureException e)
            {
                throw new TrainerException($"The model gives no usable embedding (zero, NaN or infinity) for the photo {photos.Names[first + i]}; a model that does so is not fit for use.", e);
            }
        }
    }

    private static ReadOnlyMemory<byte> Middle(ReadOnlySpan<byte> pixels)
    {
        const int row = AlignedCrop.Size * AlignedCrop.Channels;
        var crop = new byte[AlignedCrop.Bytes];
        for (var y = 0; y < AlignedCrop.Size; y++)
        {
            pixels.Slice((((y + Margin) * PixelCache.Side) + Margin) * AlignedCrop.Channels, row).CopyTo(crop.AsSpan(y * row));
        }

        return crop;
    }
}
