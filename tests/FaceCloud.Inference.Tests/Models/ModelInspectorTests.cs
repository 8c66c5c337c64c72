using FaceCloud.Inference.Models;
using FaceCloud.Inference.Tests.Testing;
using FaceCloud.Onnx;
using FaceCloud.Testing;

namespace FaceCloud.Inference.Tests.Models;

public sealed class ModelInspectorTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Inspect_Encoder_NamesAndDimensionFromTheFile()
    {
        var inspection = Inspect(Networks.Encoder("N"), "arcface");

        Assert.Equal(
            new ModelInspection { InputName = "input.1", InputWidth = 112, InputHeight = 112, OutputName = "683", Dimension = 12 }, inspection);
    }

    [Theory]
    [InlineData("mobilefacenet", 96, 112)]
    [InlineData("facenet", 160, 160)]
    [InlineData("sface", 112, 112)]
    public void Inspect_EncoderOfAnotherSize_IsFedAsTheProfileSays(string profile, int width, int height)
    {
        var inspection = Inspect(Networks.Encoder("N", width, height), profile);

        Assert.Equal((width, height, 12), (inspection.InputWidth, inspection.InputHeight, inspection.Dimension));
    }

    [Fact]
    public void Inspect_EncoderOfOneFace_OneAtATime() =>
        Assert.True(Inspect(Networks.Encoder(1), "arcface").OneAtATime);

    // Says "N" and means 1: seen in exports whose Reshape was traced with one picture.
    [Fact]
    public void Inspect_EncoderThatOnlySaysAnyNumber_OneAtATime()
    {
        var graph = new GraphBuilder("liar");
        var pooled = graph.GlobalAveragePool(graph.Input("input", "N", 3, 112, 112));
        graph.Output("embedding", graph.Reshape(pooled, 1, 3), "N", 3);

        Assert.True(Inspect(graph.ToBytes(), "arcface").OneAtATime);
    }

    [Theory]
    [InlineData("mobilefacenet", "[?,3,112,112]", "[N,3,112,96]")]
    [InlineData("facenet", "[?,3,112,112]", "[N,3,160,160]")]
    public void Inspect_EncoderOfAnotherProfile_SaysBothShapes(string profile, string has, string wants)
    {
        var failure = Assert.Throws<ModelException>(() => Inspect(Networks.Encoder("N"), profile));

        Assert.Contains(has, failure.Message, StringComparison.Ordinal);
        Assert.Contains(wants, failure.Message, StringComparison.Ordinal);
        Assert.Contains(profile, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_ChannelsLast_SaysBothShapes()
    {
        var graph = new GraphBuilder("keras");
        graph.Output("embedding", graph.Flatten(graph.GlobalAveragePool(graph.Input("input", "N", 160, 160, 3))), "N", 160);

        var failure = Assert.Throws<ModelException>(() => Inspect(graph.ToBytes(), "facenet"));

        Assert.Contains("[?,160,160,3]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[N,3,160,160]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_OutputOfAnotherShape_SaysBothShapes()
    {
        var graph = new GraphBuilder("map");
        graph.Output("features", graph.GlobalAveragePool(graph.Input("input", "N", 3, 112, 112)), "N", 3, 1, 1);

        var failure = Assert.Throws<ModelException>(() => Inspect(graph.ToBytes(), "arcface"));

        Assert.Contains("'features' float32 [1,3,1,1]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[N,dimension]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_TwoEmbeddings_SaysThatOneIsWanted()
    {
        var graph = new GraphBuilder("two");
        var flat = graph.Flatten(graph.GlobalAveragePool(graph.Input("input", "N", 3, 112, 112)));
        graph.Output("first", flat, "N", 3);
        graph.Output("second", flat, "N", 3);

        var failure = Assert.Throws<ModelException>(() => Inspect(graph.ToBytes(), "arcface"));

        Assert.Contains("'second'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("exactly one", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_EncoderThatGivesNaN_IsRefused()
    {
        var graph = new GraphBuilder("roots");
        var flat = graph.Flatten(graph.GlobalAveragePool(graph.Input("input", "N", 3, 112, 112)));
        graph.Output("embedding", graph.Sqrt(graph.Subtract(flat, graph.Scalar(1000))), "N", 3);

        var failure = Assert.Throws<ModelException>(() => Inspect(graph.ToBytes(), "arcface"));

        Assert.Contains("NaN", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_YunetShaped_Fits()
    {
        var inspection = Inspect(File.ReadAllBytes(TestModels.Shared.Catalog.Detector.Path), "yunet");

        Assert.Equal(new ModelInspection { InputName = "input", InputWidth = 640, InputHeight = 640 }, inspection);
    }

    // Its outputs have SCRFD's shapes too, with others beside them.
    [Fact]
    public void Inspect_YunetAsScrfd_IsRefused()
    {
        var failure = Assert.Throws<ModelException>(() => Inspect(File.ReadAllBytes(TestModels.Shared.Catalog.Detector.Path), "scrfd"));

        Assert.Contains("'obj_8'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("kps [n,10]", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Inspect_ScrfdWithNumbersForNames_Fits(int anchors) =>
        Assert.Equal(("input.1", 640, false), Inspect(Networks.Scrfd(anchors), "scrfd") is var found ? (found.InputName, found.InputWidth, found.FixedSize) : default);

    [Fact]
    public void Inspect_ScrfdOfOneSize_SaysIt() =>
        Assert.Equal((320, true), Inspect(Networks.Scrfd(side: 320), "scrfd") is var found ? (found.InputHeight, found.FixedSize) : default);

    [Fact]
    public void Inspect_ScrfdOfAnOddSize_IsRefused() =>
        Assert.Contains("multiples of 32", Assert.Throws<ModelException>(() => Inspect(Networks.Scrfd(side: 300), "scrfd")).Message, StringComparison.Ordinal);

    [Fact]
    public void Inspect_ScrfdWithoutPoints_IsRefused() =>
        Assert.Contains("without points", Assert.Throws<ModelException>(() => Inspect(Networks.Scrfd(points: false), "scrfd")).Message, StringComparison.Ordinal);

    [Fact]
    public void Inspect_ScrfdThatGivesNaN_IsRefused() =>
        Assert.Contains("NaN", Assert.Throws<ModelException>(() => Inspect(Networks.Scrfd(isNan: true), "scrfd")).Message, StringComparison.Ordinal);

    [Fact]
    public void Inspect_ScrfdAsYunet_SaysBoth()
    {
        var failure = Assert.Throws<ModelException>(() => Inspect(Networks.Scrfd(), "yunet"));

        Assert.Contains("'443'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cls_8", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_EncoderAsDetector_IsRefused() =>
        Assert.Throws<ModelException>(() => Inspect(Networks.Encoder("N"), "yunet"));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    public void Inspect_NotAModel_SaysSo(string text)
    {
        var failure = Assert.Throws<ModelException>(() => Inspect(System.Text.Encoding.UTF8.GetBytes(text), "arcface"));

        Assert.True(failure.IsNoModel);
        Assert.Contains("ONNX Runtime", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_path);

    private ModelInspection Inspect(byte[] file, string profile)
    {
        File.WriteAllBytes(_path, file);
        return ModelInspector.Inspect(_path, ModelProfile.Find(profile)!);
    }
}
