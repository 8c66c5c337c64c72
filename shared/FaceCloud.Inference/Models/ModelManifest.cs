using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FaceCloud.Contracts;

namespace FaceCloud.Inference.Models;

/// <summary>
/// The content of <c>models.json</c>: which models there are and which two are in use. Members whose names begin with
/// <c>x-</c> are for others, and are passed over.
/// </summary>
public sealed record ModelManifest
{
    // The coarsest grid that a detector answers on.
    private const int DetectorStride = 32;

    private const string Foreign = "x-";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // A misspelt field must not pass as an absent one.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
        // People read it: a quotation mark is one, not six characters.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Name of the detector in use; null leaves it to the manifest shipped with the program.</summary>
    public string? Detector { get; init; }

    /// <summary>Name of the encoder in use, as <see cref="Detector"/>.</summary>
    public string? Encoder { get; init; }

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
            return Read(Parse(text));
        }
        catch (Exception exception) when (exception is JsonException or ModelException)
        {
            throw new ModelException($"The model manifest '{path}' is wrong: {exception.Message}", exception);
        }
    }

    /// <summary>Can a model be called so? 1 to 64 of a-z 0-9 . _ -.</summary>
    public static bool IsName(string name) =>
        name.Length is >= 1 and <= 64 && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' or '-');

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>An entry as it stands in a manifest.</summary>
    internal static JsonNode ToJson(ModelEntry entry) => JsonSerializer.SerializeToNode(entry, Json)!;

    /// <summary>The document as it is, to be changed and written back with all it holds; comments are lost.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    internal static JsonNode? Parse(string text) => JsonNode.Parse(text, documentOptions: Lenient);

    internal static bool IsForeign(string member) => member.StartsWith(Foreign, StringComparison.Ordinal);

    internal static string Write(JsonNode document) => document.ToJsonString(Json);

    /// <exception cref="JsonException">A member is missing, unknown or of another type.</exception>
    /// <exception cref="ModelException">A value is wrong.</exception>
    internal static ModelManifest Read(JsonNode? document)
    {
        var manifest = WithoutForeign(document).Deserialize<ModelManifest>(Json) ?? throw new ModelException("It holds nothing.");
        manifest.Check();
        return manifest;
    }

    private static JsonNode? WithoutForeign(JsonNode? document)
    {
        var copy = document?.DeepClone();
        Remove(copy);
        if (copy is JsonObject root && root["models"] is JsonArray models)
        {
            foreach (var model in models)
            {
                Remove(model);
            }
        }

        return copy;

        static void Remove(JsonNode? node)
        {
            if (node is JsonObject members)
            {
                foreach (var name in members.Select(member => member.Key).Where(IsForeign).ToList())
                {
                    members.Remove(name);
                }
            }
        }
    }

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
        if (!IsName(model.Name))
        {
            return "name: must have 1 to 64 of a-z 0-9 . _ -.";
        }

        if (string.IsNullOrWhiteSpace(model.File) || Path.GetFileName(model.File) != model.File)
        {
            return "file: must be the name of a file beside the manifest, without folders.";
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

    private static string? DetectorComplaint(ModelEntry model)
    {
        if (model is not { OutputName: null, Dimension: null, Mirror: false, OneAtATime: false, Columns: null, Calibration: null, Head: null })
        {
            return "outputName, dimension, mirror, oneAtATime, columns, calibration, head: belong to encoders, not to a detector.";
        }

        return model.FixedSize && (model.InputWidth % DetectorStride != 0 || model.InputHeight % DetectorStride != 0)
            ? $"inputWidth, inputHeight: must be multiples of {DetectorStride} where fixedSize is true."
            : null;
    }

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

        if (model.Outputs is not null || model.FixedSize)
        {
            return "outputs, fixedSize: belong to detectors, not to an encoder.";
        }

        var columns = model.Columns ?? new ColumnRange(0, AlignedCrop.Size - 1);
        if (columns.First < 0 || columns.Last >= AlignedCrop.Size || columns.Count < 1)
        {
            return $"columns: must be columns out of 0 to {AlignedCrop.Size - 1}.";
        }

        // Another size is fine, another shape is not: the face would be squeezed.
        if (model.InputWidth * AlignedCrop.Size != model.InputHeight * columns.Count)
        {
            return $"columns, inputWidth, inputHeight: the input ({model.InputWidth} x {model.InputHeight}) must have the shape of the part of the crop that it takes " +
                $"({columns.Count} x {AlignedCrop.Size}).";
        }

        return (model.Calibration is null ? null : CalibrationComplaint(model.Calibration)) ?? model.Head?.Complaint(model.Dimension.Value);
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
