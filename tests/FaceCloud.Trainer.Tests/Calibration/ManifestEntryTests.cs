using FaceCloud.Inference.Models;
using FaceCloud.Testing;
using FaceCloud.Trainer.Calibration;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Calibration;

public sealed class ManifestEntryTests : IDisposable
{
    private static readonly Inference.Models.Calibration Measured = new("measured", [new(1e-2, 0.25f) { Interval = new(0.2, 0.3) }, new(1e-3, 0.375f)])
    {
        Persons = 5,
        GenuinePairs = 6,
        ImpostorPairs = 7,
    };

    private readonly TemporaryFolder _folder = new();

    private string Manifest => _folder["models.json"];

    [Fact]
    public void Write_Calibration_ReplacesOnlyItsOwnCharacters()
    {
        var text = "// ours\n" + TestModels.Shared.Manifest.ToJson().Replace("\"kind\": \"encoder\"", "/* kept */ \"kind\":\"encoder\"", StringComparison.Ordinal);
        File.WriteAllText(Manifest, text);

        ManifestEntry.Open(Manifest, TestModels.EncoderName).Write(Measured);

        var written = File.ReadAllText(Manifest);
        var start = text.IndexOf("\"calibration\": ", StringComparison.Ordinal) + "\"calibration\": ".Length;
        Assert.StartsWith(text[..start], written, StringComparison.Ordinal);
        Assert.EndsWith("}\n    }\n  ]\n}", written.TrimEnd(), StringComparison.Ordinal);
        var read = ModelManifest.Load(Manifest).Models[1].Calibration!;
        Assert.Equal(Measured.Points, read.Points);
        Assert.Equal(("measured", 5, 6L, 7L), (read.Source, read.Persons, read.GenuinePairs, read.ImpostorPairs));
        Assert.Equal([Manifest], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_HeadThenAnotherHead_OneHead()
    {
        File.WriteAllText(Manifest, TestModels.Shared.Manifest.ToJson());
        var head = new VerifierHead { Kind = VerifierHeadKind.Cosine, EmbeddingContract = "a+mirror:1", Weights = [2.5f], Bias = -1, Prior = 0.5, Source = "|Δ| “x”" };

        ManifestEntry.Open(Manifest, TestModels.EncoderName).Write(head);
        ManifestEntry.Open(Manifest, TestModels.EncoderName).Write(head with { Bias = -2 });

        var written = File.ReadAllText(Manifest);
        Assert.Equal(2, written.Split("\"head\"").Length);
        Assert.Contains("a+mirror:1", written, StringComparison.Ordinal);
        Assert.Contains("|Δ| “x”", written, StringComparison.Ordinal);
        var read = ModelManifest.Load(Manifest).Models[1];
        Assert.Equal((-2, 2.5f), (read.Head!.Bias, read.Head.Weights[0]));
        Assert.Equal(TestModels.Shared.Manifest.Models[1].Calibration!.Points, read.Calibration!.Points);
    }

    [Fact]
    public void Write_EntryWithoutCalibration_GetsOne()
    {
        var bare = TestModels.Shared.Manifest with { Models = [TestModels.Shared.Manifest.Models[1] with { Calibration = null }, TestModels.Shared.Manifest.Models[0]] };
        File.WriteAllText(Manifest, bare.ToJson());

        var entry = ManifestEntry.Open(Manifest, TestModels.EncoderName);
        var before = File.ReadAllText(Manifest);
        entry.Write(Measured);

        Assert.Equal(bare.ToJson(), before);
        Assert.Equal(Measured.Points, ModelManifest.Load(Manifest).Models[0].Calibration!.Points);
    }

    [Fact]
    public void Open_UnknownName_NamesTheEncoders()
    {
        File.WriteAllText(Manifest, TestModels.Shared.Manifest.ToJson());

        var failure = Assert.Throws<TrainerException>(() => ManifestEntry.Open(Manifest, "facenet"));

        Assert.Contains("no encoder 'facenet'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(TestModels.EncoderName, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ADetectorsName_IsNoEncoder()
    {
        File.WriteAllText(Manifest, TestModels.Shared.Manifest.ToJson());

        var failure = Assert.Throws<TrainerException>(() => ManifestEntry.Open(Manifest, TestModels.DetectorName));

        Assert.Contains("no encoder", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("{ \"models\": 3 }")]
    [InlineData("")]
    public void Open_NoManifest_OneSentence(string text)
    {
        File.WriteAllText(Manifest, text);

        var failure = Assert.Throws<TrainerException>(() => ManifestEntry.Open(Manifest, "any"));

        Assert.Contains(Manifest, failure.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Manifest));
    }

    [Fact]
    public void Open_MissingFile_NamesIt() =>
        Assert.Contains("/nowhere/models.json", Assert.Throws<TrainerException>(() => ManifestEntry.Open("/nowhere/models.json", "any")).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_ReadOnlyManifest_SaysSoBeforeTheWork()
    {
        File.WriteAllText(Manifest, TestModels.Shared.Manifest.ToJson());
        File.SetAttributes(Manifest, FileAttributes.ReadOnly);

        var failure = Assert.Throws<TrainerException>(() => ManifestEntry.Open(Manifest, TestModels.EncoderName));

        Assert.Contains("read-only", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TurnedReadOnlyMeanwhile_TheNumbersAreInTheMessage()
    {
        File.WriteAllText(Manifest, TestModels.Shared.Manifest.ToJson());
        var entry = ManifestEntry.Open(Manifest, TestModels.EncoderName);
        File.SetAttributes(Manifest, FileAttributes.ReadOnly);

        var failure = Assert.Throws<TrainerException>(() => entry.Write(Measured));

        Assert.Contains("0.375", failure.Message, StringComparison.Ordinal);
        Assert.Equal(TestModels.Shared.Manifest.ToJson(), File.ReadAllText(Manifest));
        Assert.Equal([Manifest], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_WhatTheManifestRefuses_LeavesItAsItWas()
    {
        File.WriteAllText(Manifest, TestModels.Shared.Manifest.ToJson());
        var entry = ManifestEntry.Open(Manifest, TestModels.EncoderName);

        var failure = Assert.Throws<TrainerException>(() => entry.Write(new Inference.Models.Calibration("falling", [new(1e-2, 0.5f), new(1e-3, 0.25f)])));

        Assert.Contains("rising threshold", failure.Message, StringComparison.Ordinal);
        Assert.Equal(TestModels.Shared.Manifest.ToJson(), File.ReadAllText(Manifest));
        Assert.Equal([Manifest], Directory.GetFiles(_folder.Path));
    }

    public void Dispose()
    {
        if (File.Exists(Manifest))
        {
            File.SetAttributes(Manifest, FileAttributes.Normal);
        }

        _folder.Dispose();
    }
}
