namespace FaceCloud.Inference.Models;

/// <summary>Which outputs of a detector say what. Both kinds answer for every cell of three grids over the padded picture.</summary>
public static class DetectorLayout
{
    // Values a row: YuNet's cls, obj, bbox, kps; SCRFD's score, bbox, kps.
    private static readonly int[] YunetWidths = [1, 1, 4, 10];
    private static readonly int[] ScrfdWidths = [1, 4, 10];

    /// <summary>Pixels a cell is wide and high, finest first.</summary>
    public static IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    /// <summary>cls, obj, bbox, kps of each stride: asked for by name, since exports list them differently.</summary>
    public static IReadOnlyList<string> YunetNames { get; } =
    [
        "cls_8", "obj_8", "bbox_8", "kps_8",
        "cls_16", "obj_16", "bbox_16", "kps_16",
        "cls_32", "obj_32", "bbox_32", "kps_32",
    ];

    /// <summary>Are these the shapes of <see cref="YunetNames"/> for a picture of that size?</summary>
    public static bool IsYunet(IReadOnlyList<long[]> shapes, int width, int height) =>
        shapes.Count == YunetNames.Count &&
        shapes.Index().All(output => IsRows(output.Item, Cells(Strides[output.Index / YunetWidths.Length], width, height), YunetWidths[output.Index % YunetWidths.Length]));

    /// <summary>
    /// score, bbox, kps of each stride among the outputs, by their shapes: files that are passed around name them by numbers.
    /// </summary>
    /// <param name="shapes">Of all outputs, in any order.</param>
    /// <param name="width">Of the padded picture.</param>
    /// <param name="height">Of the padded picture.</param>
    /// <param name="anchors">Rows a cell: 2 in all that InsightFace published, 1 in some of others.</param>
    /// <returns>Their indices, or null when one is missing or there are others too: YuNet's outputs have the same shapes, and more.</returns>
    public static int[]? FindScrfd(IReadOnlyList<long[]> shapes, int width, int height, out int anchors)
    {
        for (anchors = 2; anchors > 0 && shapes.Count == Strides.Count * ScrfdWidths.Length; anchors--)
        {
            var rows = anchors;
            int[] found =
            [
                .. Strides.SelectMany(stride => ScrfdWidths.Select(values =>
                    shapes.Index().Where(output => IsRows(output.Item, rows * Cells(stride, width, height), values)).Select(output => output.Index).FirstOrDefault(-1))),
            ];
            if (!found.Contains(-1))
            {
                return found;
            }
        }

        return null;
    }

    private static long Cells(int stride, int width, int height) => (long)(width / stride) * (height / stride);

    // With the batch of one, or without.
    private static bool IsRows(long[] shape, long rows, int values) =>
        shape.AsSpan().SequenceEqual([rows, values]) || shape.AsSpan().SequenceEqual([1, rows, values]);
}
