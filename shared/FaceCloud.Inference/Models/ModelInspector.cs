using FaceCloud.Inference.Sessions;
using FaceCloud.Numerics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceCloud.Inference.Models;

/// <summary>Looks whether a file is a model that a profile can feed: by what it says of itself, then by running it once.</summary>
public static class ModelInspector
{
    // Not square, and no power of two, so that a mistaken axis shows.
    private const int TrialWidth = 320;
    private const int TrialHeight = 192;
    private const int Stride = 32;
    private const int MaxDimension = 4096;

    /// <exception cref="ModelException">It is no model, does not fit the profile, does not run, or gives no finite numbers.</exception>
    public static ModelInspection Inspect(string path, ModelProfile profile)
    {
        using var options = ExecutionProviders.CreateOptions(ExecutionProvider.Cpu, profile.Kind, device: 0);

        // What goes wrong here is told by the exception, once.
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        InferenceSession session;
        try
        {
            session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelException($"'{Path.GetFileName(path)}' is not a model that ONNX Runtime can load: {exception.Message}", exception) { IsNoModel = true };
        }

        using (session)
        {
            var (name, input) = Input(session, profile);
            return profile.Kind == ModelKind.Encoder
                ? InspectEncoder(session, name, input, profile)
                : InspectDetector(session, name, input, profile);
        }
    }

    private static (string Name, int[] Shape) Input(InferenceSession session, ModelProfile profile)
    {
        if (session.InputMetadata.Count != 1)
        {
            throw new ModelException(
                $"The model wants {session.InputMetadata.Count} inputs ({string.Join(", ", session.InputNames)}); the profile '{profile.Name}' feeds one, {profile.InputShape}.");
        }

        var (name, metadata) = session.InputMetadata.Single();
        var shape = metadata.Dimensions;
        var (width, height) = profile.Kind == ModelKind.Encoder ? (profile.InputWidth, profile.InputHeight) : (0, 0);
        var fits = metadata.IsTensor && metadata.ElementDataType == TensorElementType.Float
            && shape is [var batch, var channels, var rows, var columns]
            && (batch is <= 0 or 1) && (channels is <= 0 or 3) && Is(rows, height) && Is(columns, width);
        return fits
            ? (name, shape)
            : throw new ModelException(
                $"The model's input '{name}' is {Describe(metadata)}; the profile '{profile.Name}' feeds {profile.InputShape} (N: any number, or 1). {Advice(profile)}");

        static bool Is(int length, int wanted) => length <= 0 || wanted == 0 || length == wanted;
    }

    private static ModelInspection InspectEncoder(InferenceSession session, string input, int[] shape, ModelProfile profile)
    {
        var outputs = Run(session, input, 1, profile.InputWidth, profile.InputHeight, profile);
        var fitting = outputs.Where(output => output.Values is not null && output.Shape is [1, >= 2 and <= MaxDimension]).ToList();
        if (fitting is not [var embedding])
        {
            throw new ModelException(
                $"The model gives {string.Join(", ", outputs.Select(output => output.ToString()))}; the profile '{profile.Name}' wants exactly one output float32 [N,dimension], dimension 2 to {MaxDimension}.");
        }

        if (!Vectors.IsFinite(embedding.Values) || !embedding.Values.AsSpan().ContainsAnyExcept(0f))
        {
            throw new ModelException(
                $"The model's output '{embedding.Name}' is zero, NaN or infinite for an ordinary picture fed as the profile '{profile.Name}' says. {Advice(profile)}");
        }

        return new ModelInspection
        {
            InputName = input,
            InputWidth = profile.InputWidth,
            InputHeight = profile.InputHeight,
            OneAtATime = shape[0] == 1 || !TakesTwo(session, input, embedding, profile),
            OutputName = embedding.Name,
            Dimension = (int)embedding.Shape[1],
        };
    }

    // Some exports say that any number will do, and then do not mean it.
    private static bool TakesTwo(InferenceSession session, string input, Output one, ModelProfile profile)
    {
        try
        {
            return Run(session, input, 2, profile.InputWidth, profile.InputHeight, profile)
                .Single(output => output.Name == one.Name).Shape.AsSpan().SequenceEqual([2, one.Shape[1]]);
        }
        catch (ModelException)
        {
            return false;
        }
    }

    private static ModelInspection InspectDetector(InferenceSession session, string input, int[] shape, ModelProfile profile)
    {
        var (height, width) = (shape[2], shape[3]);
        var isFixed = width > 0 && height > 0;
        if (!isFixed && (width > 0 || height > 0))
        {
            throw new ModelException($"The model's input '{input}' has one fixed side (height {height}, width {width}); a detector needs both fixed or both free.");
        }

        if (isFixed && (width % Stride != 0 || height % Stride != 0))
        {
            throw new ModelException($"The model's input '{input}' is {width} x {height} pixels; both sides must be multiples of {Stride}.");
        }

        var (trialWidth, trialHeight) = isFixed ? (width, height) : (TrialWidth, TrialHeight);
        var outputs = Run(session, input, 1, trialWidth, trialHeight, profile);
        var wanted = profile.Outputs == DetectorOutputs.Scrfd ? Scrfd(outputs, trialWidth, trialHeight) : Yunet(outputs, trialWidth, trialHeight);
        if (wanted is null)
        {
            throw new ModelException(
                $"The model gives {string.Join(", ", outputs.Select(output => output.ToString()))} for {trialWidth} x {trialHeight} pixels; the profile '{profile.Name}' wants " +
                (profile.Outputs == DetectorOutputs.Scrfd
                    ? "score [n,1], bbox [n,4] and kps [n,10] (or [1,n,…]) for strides 8, 16 and 32, n being one or two a cell; a detector without points (kps) cannot be used."
                    : $"{string.Join(", ", DetectorLayout.YunetNames)}, [1,cells,1], [1,cells,1], [1,cells,4] and [1,cells,10] of each stride."));
        }

        if (!wanted.All(output => Vectors.IsFinite(output.Values)))
        {
            throw new ModelException($"The model gives NaN or infinity for an ordinary picture fed as the profile '{profile.Name}' says. {Advice(profile)}");
        }

        return new ModelInspection
        {
            InputName = input,
            InputWidth = isFixed ? width : profile.InputWidth,
            InputHeight = isFixed ? height : profile.InputHeight,
            FixedSize = isFixed,
        };
    }

    private static IReadOnlyList<Output>? Yunet(IReadOnlyList<Output> outputs, int width, int height)
    {
        var named = DetectorLayout.YunetNames.Select(name => outputs.FirstOrDefault(output => output.Name == name && output.Values is not null)).OfType<Output>().ToList();
        return DetectorLayout.IsYunet([.. named.Select(output => output.Shape)], width, height) ? named : null;
    }

    private static List<Output>? Scrfd(IReadOnlyList<Output> outputs, int width, int height) =>
        outputs.All(output => output.Values is not null) && DetectorLayout.FindScrfd([.. outputs.Select(output => output.Shape)], width, height, out _) is { } found
            ? [.. found.Select(index => outputs[index])]
            : null;

    private static List<Output> Run(InferenceSession session, string input, int rows, int width, int height, ModelProfile profile)
    {
        try
        {
            using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var tensor = OrtValue.CreateTensorValueFromMemory(Ramp(rows, width, height, profile), [rows, 3, height, width]);
            using var outputs = session.Run(run, [input], [tensor], session.OutputNames);
            return [.. session.OutputNames.Zip(outputs, Output.Of)];
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelException($"The model does not run on '{input}' float32 [{rows},3,{height},{width}], as the profile '{profile.Name}' feeds it: {exception.Message}", exception);
        }
    }

    // A grey that brightens to the lower right; a flat one is zero after most means.
    private static float[] Ramp(int rows, int width, int height, ModelProfile profile)
    {
        var values = new float[rows * 3 * width * height];
        for (var i = 0; i < values.Length; i++)
        {
            var (x, y) = (i % width, i / width % height);
            values[i] = (64 + (128f * (x + y) / (width + height)) - profile.Mean) / profile.Std;
        }

        return values;
    }

    private static string Describe(NodeMetadata metadata) =>
        metadata.IsTensor ? $"{Word(metadata.ElementDataType)} [{string.Join(',', metadata.Dimensions.Select(length => length <= 0 ? "?" : $"{length}"))}]" : $"{metadata.OnnxValueType}";

    private static string Word(TensorElementType type) => type == TensorElementType.Float ? "float32" : type.ToString().ToLowerInvariant();

    private static string Advice(ModelProfile profile) =>
        $"Profiles of {profile.Kind.ToString().ToLowerInvariant()}s: {string.Join(", ", ModelProfile.All.Where(other => other.Kind == profile.Kind).Select(other => other.Name))}.";

    // Values are null where they are not float32.
    private sealed record Output(string Name, long[] Shape, string Type, float[]? Values)
    {
        public static Output Of(string name, OrtValue value)
        {
            if (!value.IsTensor)
            {
                return new Output(name, [], $"{value.OnnxType}", null);
            }

            var info = value.GetTensorTypeAndShape();
            var isFloat = info.ElementDataType == TensorElementType.Float;
            return new Output(name, info.Shape, Word(info.ElementDataType), isFloat ? value.GetTensorDataAsSpan<float>().ToArray() : null);
        }

        public override string ToString() => $"'{Name}' {Type} [{string.Join(',', Shape)}]";
    }
}
