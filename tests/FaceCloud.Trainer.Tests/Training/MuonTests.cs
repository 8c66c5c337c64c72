using FaceCloud.Trainer.Training;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Training;

public sealed class MuonTests
{
    [Theory]
    [InlineData(6, 20)]
    [InlineData(20, 6)]
    public void Orthogonal_AnyMatrix_KeepsDirectionsAndLevelsTheirStrengths(int rows, int columns)
    {
        var (u, _, v) = linalg.svd(randn(rows, columns), fullMatrices: false);
        var strengths = linspace(0.1, 3, 6);
        var matrix = u.matmul(diag(strengths)).matmul(v);

        var level = u.t().matmul(Muon.Orthogonal(matrix)).matmul(v.t());

        var rest = level - diag(level.diag());
        Assert.InRange(level.diag().min().item<float>(), 0.6f, 1.3f);
        Assert.InRange(level.diag().max().item<float>(), 0.6f, 1.3f);
        Assert.InRange(rest.abs().max().item<float>(), 0, 1e-4f);
    }

    [Fact]
    public void Step_FirstGradient_MovesAgainstItByTheSizeOfAdamsStep()
    {
        using var weights = nn.Parameter(zeros(4, 8));
        using var muon = new Muon([weights], weightDecay: 0);
        var direction = randn(4, 8);
        (weights * direction).sum().backward();

        muon.Step(0.01);

        var step = weights.detach();
        var rootMeanSquare = step.square().mean().sqrt().item<float>();
        Assert.True((step * direction).sum().item<float>() < 0);
        Assert.InRange(rootMeanSquare, 0.01f * 0.2f * 0.6f, 0.01f * 0.2f * 1.3f);
    }

    [Fact]
    public void Step_Decay_ShrinksTheWeights()
    {
        using var weights = nn.Parameter(ones(2, 2) * 10);
        using var muon = new Muon([weights], weightDecay: 0.5);
        (weights * 0).sum().backward();

        muon.Step(0.1);

        Assert.Equal(9.5f, weights.detach().mean().item<float>(), 1e-4f);
    }
}
