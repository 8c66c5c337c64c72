using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Export;

/// <summary>Training photos, as they are, to measure inner values on.</summary>
public static class SamplePhotos
{
    private const int Count = 256;

    /// <returns>At most 256 photos of 112×112×3 numbers, the same for the same set.</returns>
    public static IReadOnlyList<float[]> Of(TrainingSet set, PixelCache pixels)
    {
        var rows = set.Persons.SelectMany(rows => rows).Concat(set.Unlabelled).ToArray();
        new Random(1).Shuffle(rows);
        var augmenter = new Augmenter(AugmentationOptions.None);
        return [.. rows.Take(Count).Select(row =>
        {
            var photo = new float[Augmenter.Length];
            augmenter.Apply(pixels.Pixels(row), default, photo);
            return photo;
        })];
    }
}
