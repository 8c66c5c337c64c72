using System.Text.Json;
using System.Text.Json.Serialization;
using FaceCloud.Contracts;

namespace FaceCloud.Inference.Models;

/// <summary>The content of <c>models.json</c>: which models there are and which two are in use.</summary>
public sealed record ModelManifest
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // A misspelt field must not pass as an absent one.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Name of the detector in use.</summary>
    public required string Detector { get; init; }

    /// <summary>Name of the encoder in use.</summary>
    public required string Encoder { get; init; }

    public required IReadOnlyList<ModelEntry> Models { get; init; }

    /// <summary>Reads and checks a manifest.</summary>
    /// <exception cref="ModelException">The file is missing, is not JSON, or a field is wrong; the sentence names file and field.</exception>
    public static ModelManifest Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The model manifest '{path}' cannot be read: {exception.Message} Set Models:Manifest to a models.json.", exception);
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<ModelManifest>(text, Json) ?? throw new ModelException("It holds nothing.");
            manifest.Check();
            return manifest;
        }
        catch (Exception exception) when (exception is JsonException or ModelException)
        {
            throw new ModelException($"The model manifest '{path}' is wrong: {exception.Message}", exception);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private void Check()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var model in Models)
        {
            // The reader checks members for null, not elements.
            if (model is null)
            {
                throw new ModelException("models: an element is null.");
            }

            var wrong = Complaint(model) ?? (names.Add(model.Name) ? null : "name: two models bear it.");
            if (wrong is not null)
            {
                throw new ModelException($"Model '{model.Name}', {wrong}");
            }
        }
    }

    private static string? Complaint(ModelEntry model)
    {
        if (model.Name.Length is < 1 or > 64 || !model.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' or '-'))
        {
            return "name: must have 1 to 64 of a-z 0-9 . _ -.";
        }

        if (string.IsNullOrWhiteSpace(model.File) || Path.GetFileName(model.File) != model.File)
        {
            return "file: must be the name of a file in Models:Directory, without folders.";
        }

        if (model.Sha256.Length != 64 || !model.Sha256.All(char.IsAsciiHexDigit))
        {
            return "sha256: must have 64 hex digits.";
        }

        if (string.IsNullOrWhiteSpace(model.InputName))
        {
            return "inputName: must not be empty.";
        }

        if (model.InputWidth is < 16 or > 8192 || model.InputHeight is < 16 or > 8192)
        {
            return "inputWidth, inputHeight: must be 16 to 8192.";
        }

        if (model.Mean.Count != 3 || !model.Mean.All(float.IsFinite))
        {
            return "mean: must have three numbers, one a channel.";
        }

        if (model.Std.Count != 3 || !model.Std.All(std => float.IsFinite(std) && std > 0))
        {
            return "std: must have three numbers above 0, one a channel.";
        }

        if (string.IsNullOrWhiteSpace(model.Licence))
        {
            return "licence: must say under what terms the weights may be used.";
        }

        if (string.IsNullOrWhiteSpace(model.Origin))
        {
            return "origin: must say where the weights come from.";
        }

        return model.Kind == ModelKind.Encoder ? EncoderComplaint(model) : DetectorComplaint(model);
    }

    private static string? DetectorComplaint(ModelEntry model) =>
        model is { OutputName: null, Dimension: null, Mirror: false, Columns: null, Calibration: null, Head: null }
            ? null
            : "outputName, dimension, mirror, columns, calibration, head: belong to encoders, not to a detector.";

    private static string? EncoderComplaint(ModelEntry model)
    {
        if (string.IsNullOrWhiteSpace(model.OutputName))
        {
            return "outputName: an encoder needs one.";
        }

        if (model.Dimension is not (>= 2 and <= 4096))
        {
            return "dimension: must be 2 to 4096.";
        }

        var columns = model.Columns ?? new ColumnRange(0, AlignedCrop.Size - 1);
        if (columns.First < 0 || columns.Last >= AlignedCrop.Size || columns.Count != model.InputWidth)
        {
            return $"columns: must be inputWidth ({model.InputWidth}) columns out of 0 to {AlignedCrop.Size - 1}.";
        }

        if (model.InputHeight != AlignedCrop.Size)
        {
            return $"inputHeight: an encoder's must be {AlignedCrop.Size}.";
        }

        return model.Calibration is null
            ? "calibration: an encoder needs one."
            : CalibrationComplaint(model.Calibration) ?? model.Head?.Complaint(model.Dimension.Value);
    }

    private static string? CalibrationComplaint(Calibration calibration)
    {
        if (string.IsNullOrWhiteSpace(calibration.Source))
        {
            return "calibration.source: must say what was measured.";
        }

        if (calibration.Points.Count < 2)
        {
            return "calibration.points: must have two or more.";
        }

        if (!calibration.Points.All(point => point is { FalseAcceptRate: > 0 and < 1, Threshold: >= -1 and <= 1 }))
        {
            return "calibration.points: falseAcceptRate must lie between 0 and 1, threshold in -1..1.";
        }

        var ordered = calibration.Points.Zip(calibration.Points.Skip(1))
            .All(pair => pair.First.FalseAcceptRate > pair.Second.FalseAcceptRate && pair.First.Threshold < pair.Second.Threshold);
        if (!ordered)
        {
            return "calibration.points: must go by falling falseAcceptRate and rising threshold.";
        }

        return calibration.Points.All(point => point.Interval is not { } interval || ((float)interval.Low <= point.Threshold && point.Threshold <= (float)interval.High))
            ? null
            : "calibration.points: interval must go from low to high with the threshold between.";
    }
}
