using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Tests.Testing;
using FaceCloud.Testing;

namespace FaceCloud.Inference.Tests.Encoding;

public sealed class CropTensorTests
{
    [Theory]
    [InlineData(0, 111, ChannelOrder.Rgb, false)]
    [InlineData(0, 111, ChannelOrder.Bgr, true)]
    [InlineData(8, 103, ChannelOrder.Rgb, true)]
    [InlineData(8, 103, ChannelOrder.Bgr, false)]
    [InlineData(3, 103, ChannelOrder.Rgb, false)]
    [InlineData(50, 65, ChannelOrder.Rgb, true)]
    public void Write_AnyModel_EqualsNaive(int first, int last, ChannelOrder order, bool mirror)
    {
        var entry = TestModels.Shared.Catalog.Encoder.Entry with
        {
            Columns = new ColumnRange(first, last),
            InputWidth = last - first + 1,
            ChannelOrder = order,
            Mirror = mirror,
            Mean = [127.5f, 90, 10],
            Std = [128, 64, 3],
        };
        var tensor = new CropTensor(new ModelDescription(entry, "none"));
        var crop = Crops.Random(1);
        var written = new float[tensor.Length];

        tensor.Write(crop.Span, written);

        var expected = Naive(crop.Span, entry);
        Assert.Equal(expected.Count, written.Length);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i], written[i], 1e-5f);
        }
    }

    [Fact]
    public void Write_AnotherLength_Throws()
    {
        var tensor = new CropTensor(TestModels.Shared.Catalog.Encoder);

        Assert.Throws<ArgumentException>(() => tensor.Write(new byte[10], new float[tensor.Length]));
        Assert.Throws<ArgumentException>(() => tensor.Write(Crops.Random(1).Span, new float[tensor.Length - 1]));
    }

    private static List<float> Naive(ReadOnlySpan<byte> crop, ModelEntry entry)
    {
        var values = new List<float>();
        for (var image = 0; image < (entry.Mirror ? 2 : 1); image++)
        {
            for (var plane = 0; plane < 3; plane++)
            {
                for (var y = 0; y < 112; y++)
                {
                    for (var x = 0; x < entry.InputWidth; x++)
                    {
                        var column = image == 0 ? entry.Columns!.First + x : entry.Columns!.Last - x;
                        var value = crop[(((y * 112) + column) * 3) + (entry.ChannelOrder == ChannelOrder.Rgb ? plane : 2 - plane)];
                        values.Add((value - entry.Mean[plane]) / entry.Std[plane]);
                    }
                }
            }
        }

        return values;
    }
}
