using FaceCloud.Trainer.Losses;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Losses;

public sealed class TripletLossTests
{
    // Unit vectors in the plane. |A−P|² = 2 − 2·0.6 = 0.8, |A−N|² = 2 − 2·0.8 = 0.4, |A−F|² = 2.
    private static readonly float[,] Faces = { { 1, 0 }, { 0.6f, 0.8f }, { 0.8f, -0.6f }, { 0, -1 } };

    [Fact]
    public void PerTriplet_NegativeNearerThanPositive_IsDifferencePlusMargin()
    {
        var loss = TripletLoss.PerTriplet(tensor(Faces), new Triplets([0], [1], [2]), 0.2f);

        Assert.Equal(0.8f - 0.4f + 0.2f, loss.item<float>(), 1e-6f);
    }

    [Fact]
    public void PerTriplet_NegativeFartherThanPositiveByMoreThanMargin_IsZero()
    {
        var loss = TripletLoss.PerTriplet(tensor(Faces), new Triplets([0], [1], [3]), 0.2f);

        Assert.Equal(0, loss.item<float>());
    }

    [Fact]
    public void PerTriplet_NegativeFartherByLessThanMargin_IsWhatIsLeftOfTheMargin()
    {
        // cos 0.5 against the positive's 0.6: |A−N|² = 1, so 0.8 − 1 + 0.3 = 0.1.
        var faces = tensor(new[,] { { 1, 0 }, { 0.6f, 0.8f }, { 0.5f, MathF.Sqrt(0.75f) } });

        var loss = TripletLoss.PerTriplet(faces, new Triplets([0], [1], [2]), 0.3f);

        Assert.Equal(0.1f, loss.item<float>(), 1e-6f);
    }

    [Fact]
    public void PerTriplet_Active_GradientIsThatOfTheFormula()
    {
        // d/dA = 2(N − P), d/dP = 2(P − A), d/dN = 2(A − N).
        var faces = tensor(Faces).requires_grad_(true);

        TripletLoss.PerTriplet(faces, new Triplets([0], [1], [2]), 0.2f).sum().backward();

        float[] expected = [0.4f, -2.8f, -0.8f, 1.6f, 0.4f, 1.2f, 0, 0];
        Assert.Equal(expected, faces.grad!.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void PerTriplet_Satisfied_GradientIsZero()
    {
        var faces = tensor(Faces).requires_grad_(true);

        TripletLoss.PerTriplet(faces, new Triplets([0], [1], [3]), 0.2f).sum().backward();

        Assert.All(faces.grad!.data<float>().ToArray(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Compute_BatchAll_AveragesOverActiveTriplets()
    {
        // Pairs (0,1) and (1,0), negatives 2 and 3: losses 0.6, 0, and from photo 1: |P−A|² = 0.8 against |P−N|² = 2 and 3.6: 0, 0.
        var result = new TripletLoss(TripletMining.BatchAll).Compute(tensor(Faces), [0, 0, 1, 2], default);

        Assert.Equal(4, result.Triplets);
        Assert.Equal(1, result.Active);
        Assert.Equal(0.25, result.ActiveShare);
        Assert.Equal(0.6f, result.Loss.item<float>(), 1e-6f);
    }

    [Fact]
    public void Compute_Hard_AveragesOverAllChosenTriplets()
    {
        var result = new TripletLoss(TripletMining.Hard).Compute(tensor(Faces), [0, 0, 1, 2], default);

        Assert.Equal(2, result.Triplets);
        Assert.Equal(0.5, result.ActiveShare);
        Assert.Equal(0.3f, result.Loss.item<float>(), 1e-6f);
    }

    [Fact]
    public void Compute_NoPersonWithTwoPhotos_IsZeroWithGradient()
    {
        var faces = tensor(Faces).requires_grad_(true);

        var result = new TripletLoss(TripletMining.SemiHard).Compute(faces, [0, 1, 2, -1], default);
        result.Loss.backward();

        Assert.Equal(0, result.Triplets);
        Assert.Equal(0, result.ActiveShare);
        Assert.All(faces.grad!.data<float>().ToArray(), g => Assert.Equal(0, g));
    }
}
