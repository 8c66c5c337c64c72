using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Failures;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Trainer.Evaluation;

/// <summary>
/// An encoder in ONNX, on one core: one RGB input N×3×112×112, or N×3×112×96 (the middle columns), pixels as (x − 127.5) / divisor.
/// </summary>
public sealed class OnnxEncoder : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string _input;
    private readonly string _output;
    private readonly int _width;
    private readonly float _gain;

    public OnnxEncoder(string path, float divisor)
    {
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new TrainerException($"{path} is no ONNX model that can be run: {e.Message}", e);
        }

        if (_session.InputMetadata.Count != 1
            || _session.OutputMetadata.Count != 1
            || _session.InputMetadata.Single() is not { Value.Dimensions: [_, 3, Augmenter.Side, Augmenter.Side or 96] } input)
        {
            var shapes = string.Join("; ", _session.InputMetadata.Select(i => $"{i.Key}[{string.Join(',', i.Value.Dimensions)}]"));
            _session.Dispose();
            throw new TrainerException($"{path} does not take one N×3×112×112 or N×3×112×96 input and give one output; its inputs: {shapes}.");
        }

        (_input, _output) = (input.Key, _session.OutputMetadata.Keys.Single());
        _width = input.Value.Dimensions[3];
        _gain = 127.5f / divisor;
    }

    /// <summary>See <see cref="PairEvaluation.Run"/>.</summary>
    public float[] Encode(float[] photos, int count)
    {
        // Rows first to planes first, cut to the model's width.
        var planes = new float[count * 3 * Augmenter.Side * _width];
        var left = (Augmenter.Side - _width) / 2;
        var to = 0;
        for (var photo = 0; photo < count; photo++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                for (var y = 0; y < Augmenter.Side; y++)
                {
                    var from = (photo * Augmenter.Length) + (((y * Augmenter.Side) + left) * 3) + channel;
                    for (var x = 0; x < _width; x++, from += 3)
                    {
                        planes[to++] = photos[from] * _gain;
                    }
                }
            }
        }

        return Run(planes, count);
    }

    /// <summary>Median time of one photo in milliseconds, after a warm-up.</summary>
    public double MedianMilliseconds(TimeProvider time, int rounds)
    {
        var photo = new float[3 * Augmenter.Side * _width];
        var random = new Random(1);
        for (var i = 0; i < photo.Length; i++)
        {
            photo[i] = (random.NextSingle() * 2) - 1;
        }

        var times = new double[rounds];
        for (var i = -10; i < rounds; i++)
        {
            var start = time.GetTimestamp();
            Run(photo, 1);
            if (i >= 0)
            {
                times[i] = time.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(times);
        return times[rounds / 2];
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private float[] Run(float[] planes, int count)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(planes, [count, 3, Augmenter.Side, _width]);
        using var results = _session.Run(_runOptions, [_input], [value], [_output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
