using FaceCloud.Trainer.Losses;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Losses;

public sealed class DistillationLossTests
{
    [Fact]
    public void Compute_UnitVectors_IsOneMinusMeanCosine()
    {
        var student = tensor(new float[,] { { 1, 0 }, { 0, 1 } });
        var teacher = tensor(new float[,] { { 0.6f, 0.8f }, { 0, 1 } });

        var loss = DistillationLoss.Compute(student, teacher);

        Assert.Equal(1 - ((0.6f + 1) / 2), loss.item<float>(), 1e-6f);
    }

    [Fact]
    public void Compute_Gradient_IsMinusTeacherOverCount()
    {
        var student = tensor(new float[,] { { 1, 0 }, { 0, 1 } }).requires_grad_(true);
        var teacher = tensor(new float[,] { { 0.6f, 0.8f }, { 0, 1 } });

        DistillationLoss.Compute(student, teacher).backward();

        Assert.Equal([-0.3f, -0.4f, 0, -0.5f], student.grad!.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }
}
