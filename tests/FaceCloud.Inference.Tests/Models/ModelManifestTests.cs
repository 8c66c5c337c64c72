using System.Text.Json.Nodes;
using FaceCloud.Inference.Models;
using FaceCloud.Testing;

namespace FaceCloud.Inference.Tests.Models;

public sealed class ModelManifestTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Load_ShippedManifest_NamesBothStarterModels()
    {
        var manifest = ModelManifest.Load(SharedData.Manifest);

        var encoder = manifest.Models.Single(model => model.Name == manifest.Encoder);
        Assert.Equal(new ColumnRange(8, 103), encoder.Columns);
        Assert.Equal([1e-2, 1e-3, 1e-4], encoder.Calibration!.Points.Select(point => point.FalseAcceptRate));
        Assert.Equal(ChannelOrder.Bgr, manifest.Models.Single(model => model.Name == manifest.Detector).ChannelOrder);
    }

    [Fact]
    public void Load_WhatToJsonWrote_TheSame()
    {
        var written = TestModels.Shared.Manifest;

        File.WriteAllText(_path, written.ToJson());

        Assert.Equal(written.ToJson(), ModelManifest.Load(_path).ToJson());
    }

    [Theory]
    [InlineData("name", "\"Upper Case\"", "name")]
    [InlineData("name", "\"\"", "name")]
    [InlineData("kind", "\"verifier\"", "kind")]
    [InlineData("kind", "2", "kind")]
    [InlineData("file", "\"../elsewhere.onnx\"", "file")]
    [InlineData("file", "\"\"", "file")]
    [InlineData("sha256", "\"abc\"", "sha256")]
    [InlineData("sha256", "\"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\"", "sha256")]
    [InlineData("sha256", "null", "sha256")]
    [InlineData("inputName", "\"\"", "inputName")]
    [InlineData("inputWidth", "0", "inputWidth")]
    [InlineData("inputWidth", "96", "columns")]
    [InlineData("inputHeight", "96", "inputHeight")]
    [InlineData("channelOrder", "\"grb\"", "channelOrder")]
    [InlineData("mean", "[1, 2]", "mean")]
    [InlineData("std", "[1, 0, 1]", "std")]
    [InlineData("outputName", "\"\"", "outputName")]
    [InlineData("dimension", "1", "dimension")]
    [InlineData("columns", "{ \"first\": 8, \"last\": 103 }", "columns")]
    [InlineData("columns", "{ \"first\": 1, \"last\": 112 }", "columns")]
    [InlineData("licence", "\" \"", "licence")]
    [InlineData("origin", "\"\"", "origin")]
    [InlineData("calibration", "null", "calibration")]
    [InlineData("calibration", "{ \"source\": \"\", \"points\": [] }", "source")]
    [InlineData("calibration", "{ \"source\": \"x\", \"points\": [ { \"falseAcceptRate\": 0.01, \"threshold\": 0.3 } ] }", "points")]
    [InlineData("calibration", "{ \"source\": \"x\", \"points\": [ { \"falseAcceptRate\": 0.01, \"threshold\": 0.3 }, { \"falseAcceptRate\": 0.001, \"threshold\": 0.2 } ] }", "rising")]
    [InlineData("calibration", "{ \"source\": \"x\", \"points\": [ { \"falseAcceptRate\": 1, \"threshold\": 0.3 }, { \"falseAcceptRate\": 0.001, \"threshold\": 0.4 } ] }", "falseAcceptRate")]
    [InlineData("misspelt", "1", "misspelt")]
    public void Load_WrongFieldOfEncoder_SaysFileAndField(string field, string value, string said)
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!;
        json["models"]![1]![field] = JsonNode.Parse(value);
        File.WriteAllText(_path, json.ToJsonString());

        var failure = Assert.Throws<ModelException>(() => ModelManifest.Load(_path));

        Assert.Contains(_path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(said, failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("mean")]
    [InlineData("licence")]
    public void Load_MissingField_SaysWhich(string field)
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!;
        json["models"]![1]!.AsObject().Remove(field);
        File.WriteAllText(_path, json.ToJsonString());

        var failure = Assert.Throws<ModelException>(() => ModelManifest.Load(_path));

        Assert.Contains(field, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DetectorWithDimension_Refused()
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!;
        json["models"]![0]!["dimension"] = 64;
        File.WriteAllText(_path, json.ToJsonString());

        var failure = Assert.Throws<ModelException>(() => ModelManifest.Load(_path));

        Assert.Contains("detector", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TwoModelsOfOneName_Refused()
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!;
        json["models"]!.AsArray().Add(json["models"]![1]!.DeepClone());
        File.WriteAllText(_path, json.ToJsonString());

        var failure = Assert.Throws<ModelException>(() => ModelManifest.Load(_path));

        Assert.Contains("two models", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{ \"detector\": \"a\", \"encoder\": \"b\", \"models\": [null] }")]
    [InlineData("{ \"detector\": \"a\", \"encoder\": \"b\", \"models\": null }")]
    public void Load_NotAManifest_SaysFile(string text)
    {
        File.WriteAllText(_path, text);

        var failure = Assert.Throws<ModelException>(() => ModelManifest.Load(_path));

        Assert.Contains(_path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_SaysFileAndSetting()
    {
        var failure = Assert.Throws<ModelException>(() => ModelManifest.Load("/nowhere/models.json"));

        Assert.Contains("/nowhere/models.json", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Models:Manifest", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_path);
}
