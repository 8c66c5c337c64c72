using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Trainer.Detection;

/// <summary>Times detectors against each other on one core, in turns, so that a busy machine slows all of them.</summary>
public static class DetectorSpeed
{
    private const int Side = 640;
    private const int WarmUp = 5;

    /// <summary>Median milliseconds of a picture of 640 × 640, model by model.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "Noise to look at.")]
    public static IReadOnlyList<double> Median(IReadOnlyList<byte[]> models, int rounds, TimeProvider time)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var run = new RunOptions();
        var sessions = models.Select(model => new InferenceSession(model, options)).ToList();
        try
        {
            var random = new Random(1);
            var picture = new float[3 * Side * Side];
            for (var i = 0; i < picture.Length; i++)
            {
                picture[i] = random.Next(256);
            }

            using var input = OrtValue.CreateTensorValueFromMemory(picture, [1, 3, Side, Side]);
            var times = models.Select(_ => new List<double>()).ToList();
            for (var round = -WarmUp; round < rounds; round++)
            {
                for (var i = 0; i < sessions.Count; i++)
                {
                    var start = time.GetTimestamp();
                    using var outputs = sessions[i].Run(run, [DetectorExport.InputName], [input], sessions[i].OutputNames);
                    if (round >= 0)
                    {
                        times[i].Add(time.GetElapsedTime(start).TotalMilliseconds);
                    }
                }
            }

            return [.. times.Select(list => list.Order().ElementAt(list.Count / 2))];
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }
    }
}
