using FaceCloud.Trainer.Losses;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Losses;

public sealed class AngularMarginLossTests
{
    private const float Scale = 4;
    private const float Margin = 0.5f;

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.2)]
    [InlineData(2.5)]
    public void Forward_TwoPersons_EqualsFormula(double angle)
    {
        using var loss = Loss();
        var embedding = tensor(new[,] { { (float)Math.Cos(angle), (float)Math.Sin(angle) } });

        var value = loss.call(embedding, tensor(new long[] { 0 })).item<float>();

        // Person 0 lies at 0°, person 1 at 90°: cosines cos θ and sin θ.
        var own = Scale * Math.Cos(angle + Margin);
        var other = Scale * Math.Sin(angle);
        Assert.Equal(Math.Log(1 + Math.Exp(other - own)), value, 1e-4);
    }

    [Fact]
    public void Forward_AngleNearPi_BendsSoThatMoreAngleStillCostsMore()
    {
        using var loss = Loss();
        double At(double angle) =>
            loss.call(tensor(new[,] { { (float)Math.Cos(angle), (float)Math.Sin(angle) } }), tensor(new long[] { 0 })).item<float>();

        // Past π − m the turned cosine would rise again: cos θ − m·sin m takes over.
        var own = Scale * (Math.Cos(3) - (Margin * Math.Sin(Margin)));
        Assert.Equal(Math.Log(1 + Math.Exp((Scale * Math.Sin(3)) - own)), At(3), 1e-4);
    }

    [Fact]
    public void Forward_Gradient_EqualsFiniteDifferences()
    {
        using var loss = Loss();
        float[] place = [0.48f, 0.6f];
        var embedding = tensor(new[,] { { place[0], place[1] } }).requires_grad_(true);

        loss.call(embedding, tensor(new long[] { 1 })).backward();

        var gradient = embedding.grad!.data<float>().ToArray();
        const float Step = 1e-2f;
        for (var i = 0; i < 2; i++)
        {
            float Shifted(float by) =>
                loss.call(tensor(new[,] { { place[0] + (i == 0 ? by : 0), place[1] + (i == 1 ? by : 0) } }), tensor(new long[] { 1 })).item<float>();
            Assert.Equal((Shifted(Step) - Shifted(-Step)) / (2 * Step), gradient[i], 1e-2f);
        }
    }

    private static AngularMarginLoss Loss()
    {
        var loss = new AngularMarginLoss(2, 2, Scale, Margin);
        using var guard = no_grad();
        // Lengths must not matter.
        loss.Directions.copy_(tensor(new float[,] { { 3, 0 }, { 0, 0.5f } }));
        return loss;
    }
}
