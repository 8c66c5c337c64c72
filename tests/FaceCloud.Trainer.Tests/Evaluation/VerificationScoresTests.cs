using FaceCloud.Trainer.Evaluation;

namespace FaceCloud.Trainer.Tests.Evaluation;

public sealed class VerificationScoresTests
{
    [Fact]
    public void From_Parted_IsPerfect()
    {
        var scores = VerificationScores.From([0.8f, 0.7f, 0.9f], [0.1f, 0.2f, 0.3f]);

        Assert.Equal(1, scores.Accuracy);
        Assert.Equal(0.7, scores.Threshold, 6);
        Assert.Equal(0, scores.EqualErrorRate);
        Assert.Equal(1, scores.TrueAcceptsAt1E2);
        Assert.Equal(1, scores.TrueAcceptsAt1E3);
    }

    [Fact]
    public void From_OneOfFourOnTheWrongSideEachWay_CountsThem()
    {
        // At 0.5: three of four same pairs accepted, one of four different ones.
        var scores = VerificationScores.From([0.9f, 0.8f, 0.6f, 0.2f], [0.1f, 0.3f, 0.4f, 0.7f]);

        Assert.Equal(0.75, scores.Accuracy);
        Assert.Equal(0.25, scores.EqualErrorRate);
        // No false accept is allowed among four pairs: only what lies above 0.7 counts.
        Assert.Equal(0.5, scores.TrueAcceptsAt1E2);
    }

    [Fact]
    public void From_ThousandImpostors_AllowsTenAndOneFalseAccepts()
    {
        var impostors = Enumerable.Range(0, 1000).Select(i => i / 1000f).ToArray();

        // Ten impostors from 0.990 up may pass, the bar is 0.989; at 1e-3 one may, the bar is 0.998.
        var scores = VerificationScores.From([0.5f, 0.9895f, 0.995f, 0.9985f], impostors);

        Assert.Equal(0.75, scores.TrueAcceptsAt1E2);
        Assert.Equal(0.25, scores.TrueAcceptsAt1E3);
    }

    [Fact]
    public void From_OnlyOneKind_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => VerificationScores.From([0.5f], []));
    }
}
