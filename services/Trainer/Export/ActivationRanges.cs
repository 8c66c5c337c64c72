using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Networks;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Trainer.Export;

/// <summary>The ranges of an encoder's inner values over sample photos, without the outermost thousandths of a per cent.</summary>
public sealed class ActivationRanges
{
    /// <summary>Share of values cut off at either end.</summary>
    private const double Cut = 1e-5;

    private const int Batch = 8;

    /// <summary>Of every photo's map this many values are looked at.</summary>
    private const int Samples = 4096;

    private readonly Dictionary<string, ActivationRange> _ranges;

    private ActivationRanges(Dictionary<string, ActivationRange> ranges) => _ranges = ranges;

    public ActivationRange this[string name] => _ranges[name];

    public static string Before(int place) => $"before{place}";

    public static string After(int place) => $"after{place}";

    public static string Sum(int place) => $"sum{place}";

    /// <param name="network">The encoder.</param>
    /// <param name="photos">112×112×3 numbers each, as the encoder takes them, rows first.</param>
    public static ActivationRanges Measure(EncoderNetwork network, IReadOnlyList<float[]> photos)
    {
        var probe = new RangeProbe();
        using var session = new InferenceSession(OnnxExport.ToBytes(network, probe));
        using var options = new RunOptions();
        var seen = probe.Names.ToDictionary(name => name, _ => new List<float>(), StringComparer.Ordinal);
        for (var start = 0; start < photos.Count; start += Batch)
        {
            var batch = photos.Skip(start).Take(Batch).ToArray();
            using var value = OrtValue.CreateTensorValueFromMemory(Planes(batch), [batch.Length, 3, Augmenter.Side, Augmenter.Side]);
            using var results = session.Run(options, [OnnxExport.InputName], [value], probe.Names);
            for (var i = 0; i < probe.Names.Count; i++)
            {
                var values = results[i].GetTensorDataAsSpan<float>();
                var (list, step) = (seen[probe.Names[i]], Math.Max(1, values.Length / (Samples * batch.Length)) | 1);
                for (var at = 0; at < values.Length; at += step)
                {
                    list.Add(values[at]);
                }
            }
        }

        return new ActivationRanges(seen.ToDictionary(s => s.Key, s => Of(s.Value), StringComparer.Ordinal));
    }

    private static ActivationRange Of(List<float> values)
    {
        values.Sort();
        var cut = (int)(values.Count * Cut);
        return new ActivationRange(values[cut], values[^(cut + 1)]);
    }

    private static float[] Planes(float[][] photos)
    {
        const int Area = Augmenter.Side * Augmenter.Side;
        var planes = new float[photos.Length * Augmenter.Length];
        for (var photo = 0; photo < photos.Length; photo++)
        {
            for (var i = 0; i < Area; i++)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    planes[(((photo * 3) + channel) * Area) + i] = photos[photo][(i * 3) + channel];
                }
            }
        }

        return planes;
    }
}
