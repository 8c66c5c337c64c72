using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Evaluation;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Evaluation;

public sealed class ConditionEvaluationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Run_EncoderThatLooksAtColourOnly_SuffersFromGreyAndNotFromMirroring()
    {
        DrawnFaces.WriteShards(_folder.Path, persons: 4, photos: 2, validationPersons: 4);
        var source = new CropShards(_folder.Path);
        using var pixels = PixelCache.Open(source, _folder["cache"], null, CancellationToken.None);
        var pairs = new VerificationPairs([(0, 1, true), (2, 3, true), (4, 5, true), (0, 2, false), (2, 4, false), (4, 6, false)]);

        var scores = ConditionEvaluation.Run(MeanColours, pairs, pixels, CancellationToken.None).ToDictionary(s => s.Condition.Name);

        Assert.Equal(PhotoCondition.All.Count, scores.Count);
        Assert.Equal(1, scores["as it is"].TrueAccepts);
        Assert.Equal(1, scores["mirrored"].TrueAccepts);
        Assert.True(scores["grey"].TrueAccepts < 1);
        Assert.Equal(0, scores["as it is"].FalseAccepts);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Mean of each colour over the photo, less what all photos share.</summary>
    private static float[] MeanColours(float[] photos, int count)
    {
        var embeddings = new float[count * 3];
        for (var photo = 0; photo < count; photo++)
        {
            for (var i = 0; i < Augmenter.Length; i++)
            {
                embeddings[(photo * 3) + (i % 3)] += photos[(photo * Augmenter.Length) + i] / (Augmenter.Length / 3);
            }

            for (var channel = 0; channel < 3; channel++)
            {
                embeddings[(photo * 3) + channel] += 0.3f;
            }
        }

        return embeddings;
    }
}
