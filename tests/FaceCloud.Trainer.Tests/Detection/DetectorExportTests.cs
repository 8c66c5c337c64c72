using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Networks;
using Microsoft.ML.OnnxRuntime;
using NetVips;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class DetectorExportTests
{
    private static readonly DetectorArchitecture Tiny = new("tiny", 4, [new(4, 0), new(6, 1), new(6, 0), new(8, 1)], 8, [0, 1, 2]);

    [Theory]
    [InlineData("pyramid-s")]
    [InlineData("pyramid-xs")]
    public void ToBytes_KnownNetworks_EqualTorchTo1e4AndStayUnderOneMegabyte(string name)
    {
        using var network = Network(DetectorArchitecture.Named(name));

        var model = DetectorExport.ToBytes(network);

        Assert.InRange(DetectorCheck.LargestDifference(network, model), 0, 1e-4f);
        Assert.InRange(model.Length, 1, 1_000_000);
    }

    [Fact]
    public void LargestDifference_AnotherNetwork_IsLarge()
    {
        using var network = Network(Tiny);
        using var other = Network(Tiny);

        Assert.True(DetectorCheck.LargestDifference(network, DetectorExport.ToBytes(other)) > 1e-2f);
    }

    [Fact]
    public void ToBytes_Model_HasOpenSidesAndTheProductsNames()
    {
        using var network = Network(Tiny);

        using var session = new InferenceSession(DetectorExport.ToBytes(network, new Dictionary<string, string> { ["step"] = "12" }));

        Assert.Equal([-1, 3, -1, -1], session.InputMetadata["input"].Dimensions);
        Assert.Equal(12, session.OutputMetadata.Count);
        Assert.Equal([-1, -1, 1], session.OutputMetadata["cls_8"].Dimensions);
        Assert.Equal([-1, -1, 1], session.OutputMetadata["obj_16"].Dimensions);
        Assert.Equal([-1, -1, 4], session.OutputMetadata["bbox_32"].Dimensions);
        Assert.Equal([-1, -1, 10], session.OutputMetadata["kps_8"].Dimensions);
        Assert.Equal("12", session.ModelMetadata.CustomMetadataMap["step"]);
    }

    [Fact]
    public async Task ToBytes_InTheProduct_DecodesAsInTraining()
    {
        using var network = Network(Tiny);
        var (width, height) = (160, 96);
        var pixels = new byte[width * height * 3];
        new Random(4).NextBytes(pixels);

        // What training makes of the picture: the surest cell, decoded there.
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var input = tensor(Array.ConvertAll(pixels, value => (float)value)).view(1, height, width, 3).flip(3).permute(0, 3, 1, 2);
        var cells = DetectorLoss.Flatten(network.call(input));
        var scores = cells.select(1, 0).sigmoid() * cells.select(1, 1).sigmoid();
        var best = scores.argmax().item<long>();
        var origin = Origin(best, width, height);
        var box = DetectorLoss.DecodeBoxes(cells.narrow(0, best, 1), origin).data<float>().ToArray();
        var points = DetectorLoss.DecodePoints(cells.narrow(0, best, 1), origin).data<float>().ToArray();
        using var image = Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar);
        using var colour = image.Copy(interpretation: Enums.Interpretation.Srgb);
        using var detector = new ProductDetector(DetectorExport.ToBytes(network), "tiny", threshold: 0.02f);

        var analysis = await detector.FindAsync(colour.PngsaveBuffer(), TestContext.Current.CancellationToken);

        var face = analysis!.Faces.MaxBy(found => found.Confidence)!;
        Assert.Equal(scores[best].item<float>(), face.Confidence, 1e-4);
        Assert.Equal([box[0], box[1], box[2], box[3]], [face.Box.X + (face.Box.Width / 2), face.Box.Y + (face.Box.Height / 2), face.Box.Width, face.Box.Height], (a, b) => Math.Abs(a - b) < 0.01);
        float[] found = [face.Landmarks.LeftEye.X, face.Landmarks.LeftEye.Y, face.Landmarks.RightEye.X, face.Landmarks.RightEye.Y, face.Landmarks.Nose.X, face.Landmarks.Nose.Y];
        Assert.Equal(points[..6], found, (a, b) => Math.Abs(a - b) < 0.01);
    }

    private static Tensor Origin(long cell, int width, int height)
    {
        foreach (var stride in DetectorArchitecture.Strides)
        {
            var (columns, rows) = (width / stride, height / stride);
            if (cell < columns * rows)
            {
                return tensor(new[] { cell % columns * stride, cell / columns * stride, (float)stride }).view(1, 3);
            }

            cell -= columns * rows;
        }

        throw new ArgumentOutOfRangeException(nameof(cell));
    }

    /// <summary>Statistics and scales away from 0 and 1: a batch normalisation that is folded wrongly then shows.</summary>
    private static DetectorNetwork Network(DetectorArchitecture architecture)
    {
        var network = new DetectorNetwork(architecture);
        using var guard = no_grad();
        foreach (var unit in network.modules().OfType<ConvolutionUnit>())
        {
            unit.Mean.uniform_(-0.5, 0.5);
            unit.Variance.uniform_(0.5, 2);
            unit.Scale.uniform_(0.5, 1.5);
            unit.Shift.uniform_(-0.5, 0.5);
        }

        foreach (var head in network.Heads)
        {
            head.Weight.uniform_(-0.1, 0.1);
            head.Offset.uniform_(-0.5, 0.5);
        }

        network.eval();
        return network;
    }
}
