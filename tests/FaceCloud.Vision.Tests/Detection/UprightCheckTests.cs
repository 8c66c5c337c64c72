using FaceCloud.Vision.Detection;

namespace FaceCloud.Vision.Tests.Detection;

public sealed class UprightCheckTests
{
    private const int Side = 128;

    [Theory]
    [InlineData(1, Side - 1, 0)]
    [InlineData(2, Side - 1, Side - 1)]
    [InlineData(3, 0, Side - 1)]
    public void TurnBack_Quarters_TopLeftComesFrom(int quarters, int x, int y)
    {
        var from = new byte[Side * Side * 3];
        new Random(quarters).NextBytes(from);
        var to = new byte[from.Length];

        UprightCheck.TurnBack(from, to, quarters);

        Assert.Equal(from.AsSpan(((y * Side) + x) * 3, 3), to.AsSpan(0, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TurnBack_FourTimes_IsTheSameAgain(int quarters)
    {
        var start = new byte[Side * Side * 3];
        new Random(quarters).NextBytes(start);
        var (crop, next) = ((byte[])start.Clone(), new byte[start.Length]);

        for (var i = 0; i < 4; i++)
        {
            UprightCheck.TurnBack(crop, next, quarters);
            (crop, next) = (next, crop);
        }

        Assert.Equal(start, crop);
    }
}
