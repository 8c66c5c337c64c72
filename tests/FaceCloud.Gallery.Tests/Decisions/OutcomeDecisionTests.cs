using FaceCloud.Gallery.Decisions;

namespace FaceCloud.Gallery.Tests.Decisions;

public sealed class OutcomeDecisionTests
{
    private static readonly Threshold Half = new() { Value = 0.5f, Source = ThresholdSource.Request };

    [Theory]
    [InlineData(0.5f, VerificationOutcome.Match)]
    [InlineData(0.49999997f, VerificationOutcome.NoMatch)]
    [InlineData(1f, VerificationOutcome.Match)]
    [InlineData(-1f, VerificationOutcome.NoMatch)]
    [InlineData(float.NaN, VerificationOutcome.NoMatch)]
    public void Verification_Similarity_IsInclusiveAndNaNNeverMatches(float similarity, VerificationOutcome expected)
    {
        Assert.Equal(expected, VerificationDecision.Decide(similarity, Half));
    }

    [Theory]
    [InlineData(new float[0], IdentificationOutcome.NotRecognized)]
    [InlineData(new[] { 0.499f, 0.498f }, IdentificationOutcome.NotRecognized)]
    [InlineData(new[] { float.NaN }, IdentificationOutcome.NotRecognized)]
    [InlineData(new[] { float.NaN, 0.6f }, IdentificationOutcome.Recognized)]
    [InlineData(new[] { 0.5f }, IdentificationOutcome.Recognized)]
    [InlineData(new[] { 0.5f, 0.499f }, IdentificationOutcome.Recognized)]
    [InlineData(new[] { 0.6f, 0.55f }, IdentificationOutcome.Recognized)]
    [InlineData(new[] { 0.6f, 0.59f }, IdentificationOutcome.Ambiguous)]
    [InlineData(new[] { 0.59f, 0.2f, 0.6f }, IdentificationOutcome.Ambiguous)]
    [InlineData(new[] { 0.6f, 0.6f }, IdentificationOutcome.Ambiguous)]
    public void Identification_Similarities_GiveOutcome(float[] similarities, IdentificationOutcome expected)
    {
        Assert.Equal(expected, IdentificationDecision.Decide(similarities, Half, 0.02f));
    }

    [Fact]
    public void Identification_MarginZero_IsNeverAmbiguous()
    {
        Assert.Equal(IdentificationOutcome.Recognized, IdentificationDecision.Decide([0.6f, 0.6f], Half, 0));
    }

    [Fact]
    public void Identification_ThresholdNaN_RecognizesNobody()
    {
        var threshold = Half with { Value = float.NaN };

        Assert.Equal(IdentificationOutcome.NotRecognized, IdentificationDecision.Decide([1f], threshold, 0.02f));
    }
}
