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

    [Theory]
    [InlineData(160, 160, 0, 111, ChannelOrder.Rgb, false)]
    [InlineData(160, 160, 0, 111, ChannelOrder.Bgr, true)]
    [InlineData(192, 224, 8, 103, ChannelOrder.Rgb, true)]
    [InlineData(80, 80, 0, 111, ChannelOrder.Rgb, false)]
    public void Write_ModelOfAnotherSize_EqualsNaiveResampling(int width, int height, int first, int last, ChannelOrder order, bool mirror)
    {
        var entry = TestModels.Shared.Catalog.Encoder.Entry with
        {
            Columns = new ColumnRange(first, last),
            InputWidth = width,
            InputHeight = height,
            ChannelOrder = order,
            Mirror = mirror,
            Mean = [127.5f, 90, 10],
            Std = [128, 64, 3],
        };
        var tensor = new CropTensor(new ModelDescription(entry, "none"));
        var crop = Crops.Random(1);
        var written = new float[tensor.Length];

        tensor.Write(crop.Span, written);

        var index = 0;
        for (var image = 0; image < (mirror ? 2 : 1); image++)
        {
            for (var plane = 0; plane < 3; plane++)
            {
                for (var y = 0; y < height; y++)
                {
                    for (var x = 0; x < width; x++)
                    {
                        var value = Sampled(crop.Span, entry, image == 0 ? x : width - 1 - x, y, order == ChannelOrder.Rgb ? plane : 2 - plane);
                        Assert.Equal((value - entry.Mean[plane]) / entry.Std[plane], written[index++], 1e-4f);
                    }
                }
            }
        }

        Assert.Equal(index, written.Length);
    }

    [Fact]
    public void Write_AnotherLength_Throws()
    {
        var tensor = new CropTensor(TestModels.Shared.Catalog.Encoder);

        Assert.Throws<ArgumentException>(() => tensor.Write(new byte[10], new float[tensor.Length]));
        Assert.Throws<ArgumentException>(() => tensor.Write(Crops.Random(1).Span, new float[tensor.Length - 1]));
    }

    // Bilinear in doubles: the centre of a pixel of the model lies at the same share of the crop.
    private static double Sampled(ReadOnlySpan<byte> crop, ModelEntry entry, int x, int y, int colour)
    {
        var columns = entry.Columns!.Count;
        var atX = Math.Clamp(((x + 0.5) / entry.InputWidth * columns) - 0.5, 0, columns - 1);
        var atY = Math.Clamp(((y + 0.5) / entry.InputHeight * 112) - 0.5, 0, 111);
        var (left, top) = ((int)atX, (int)atY);
        double sum = 0;
        for (var corner = 0; corner < 4; corner++)
        {
            var (across, down) = (corner % 2, corner / 2);
            var weight = (across == 0 ? 1 - (atX - left) : atX - left) * (down == 0 ? 1 - (atY - top) : atY - top);
            var column = entry.Columns.First + Math.Min(left + across, columns - 1);
            sum += weight * crop[(((Math.Min(top + down, 111) * 112) + column) * 3) + colour];
        }

        return sum;
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
