using System.Text.Json.Nodes;
using FaceCloud.Inference.Models;
using FaceCloud.Testing;

namespace FaceCloud.Inference.Tests.Models;

public sealed class ModelManifestTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Load_ShippedManifest_NamesModelsItHas()
    {
        var manifest = ModelManifest.Load(SharedData.Manifest);

        Assert.Equal(ModelKind.Encoder, manifest.Models.Single(model => model.Name == manifest.Encoder).Kind);
        Assert.Equal(ModelKind.Detector, manifest.Models.Single(model => model.Name == manifest.Detector).Kind);
        Assert.NotNull(manifest.Models.Single(model => model.Name == manifest.Encoder).Calibration);
    }

    [Fact]
    public void Load_MembersOfOthers_ArePassedOver()
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!;
        json["x-owner"] = new JsonObject { ["any"] = 1 };
        json["models"]![0]!["x-note"] = "ours";
        File.WriteAllText(_path, json.ToJsonString());

        Assert.Equal(TestModels.Shared.Manifest.ToJson(), ModelManifest.Load(_path).ToJson());
    }

    [Fact]
    public void Load_NoChoiceAndNoCalibration_IsFine()
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!.AsObject();
        json.Remove("detector");
        json.Remove("encoder");
        json["models"]![1]!.AsObject().Remove("calibration");
        File.WriteAllText(_path, json.ToJsonString());

        var manifest = ModelManifest.Load(_path);

        Assert.Equal((null, null, null), (manifest.Detector, manifest.Encoder, manifest.Models[1].Calibration));
    }

    [Theory]
    [InlineData(160, 160, 0, 111)]
    [InlineData(192, 224, 8, 103)]
    [InlineData(80, 80, 0, 111)]
    public void Load_EncoderOfAnotherSizeAndTheSameShape_IsFine(int width, int height, int first, int last)
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!;
        var encoder = json["models"]![1]!;
        (encoder["inputWidth"], encoder["inputHeight"], encoder["columns"]) = (width, height, new JsonObject { ["first"] = first, ["last"] = last });
        File.WriteAllText(_path, json.ToJsonString());

        Assert.Equal(width, ModelManifest.Load(_path).Models[1].InputWidth);
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
    [InlineData("inputHeight", "160", "inputHeight")]
    [InlineData("outputs", "\"scrfd\"", "outputs")]
    [InlineData("fixedSize", "true", "fixedSize")]
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

    [Theory]
    [InlineData("dimension", "64")]
    [InlineData("oneAtATime", "true")]
    public void Load_DetectorWithWhatIsAnEncoders_Refused(string field, string value)
    {
        var json = JsonNode.Parse(TestModels.Shared.Manifest.ToJson())!;
        json["models"]![0]![field] = JsonNode.Parse(value);
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
