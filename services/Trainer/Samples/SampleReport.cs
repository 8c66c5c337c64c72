using System.Globalization;
using System.Text;
using FaceCloud.Trainer.Samples.Judging;

namespace FaceCloud.Trainer.Samples;

/// <summary>The measures as a Markdown table.</summary>
public static class SampleReport
{
    public static string Table(IEnumerable<SampleMeasures> measures)
    {
        var table = new StringBuilder("| detector, encoder | same person: lowest | median | different persons: median | highest | pairs | nearest training crop: median | highest |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var m in measures)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {m.Way} | {First(m.Genuine):F3} | {Middle(m.Genuine):F3} | {Middle(m.Impostor):F3} | {Last(m.Impostor):F3} | {m.Genuine.Count} same, {m.Impostor.Count} different | {Middle(m.Training):F3} | {Last(m.Training):F3} |\n");
        }

        return table.ToString();
    }

    private static float First(IReadOnlyList<float> values) => values.Count == 0 ? float.NaN : values[0];

    private static float Middle(IReadOnlyList<float> values) => values.Count == 0 ? float.NaN : values[values.Count / 2];

    private static float Last(IReadOnlyList<float> values) => values.Count == 0 ? float.NaN : values[^1];
}
