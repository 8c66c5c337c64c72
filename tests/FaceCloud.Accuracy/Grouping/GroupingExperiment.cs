using System.Diagnostics;
using System.Globalization;
using System.Text;
using FaceCloud.Client;
using FaceCloud.Gallery.Grouping;

namespace FaceCloud.Accuracy.Grouping;

/// <summary>
/// How Group's method and threshold were chosen (on crops of other persons, with the embeddings that come with them), and what they give
/// on photos, through a server with any models.
/// </summary>
internal static class GroupingExperiment
{
    private const int ImpostorPairs = 5_000_000;
    private static readonly double[] Rates = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5];

    /// <returns>The table as markdown.</returns>
    public static string Choose(string crops)
    {
        var text = new StringBuilder();
        var (trainPersons, trainFaces) = CropEmbeddings.Read(crops, "train");
        var (persons, faces) = CropEmbeddings.Read(crops, "val");
        text.Append(CultureInfo.InvariantCulture, $"{faces.Length} crops of {persons.Distinct().Count()} persons; thresholds from {ImpostorPairs / 1e6:F0} M pairs of {trainPersons.Distinct().Count()} other persons.\n\n");
        text.Append("| linkage | false accept rate | cosine | groups | precision | recall | pairwise F1 |\n|---|---|---|---|---|---|---|\n");
        foreach (var rate in Rates)
        {
            var threshold = CropEmbeddings.CosineAt(rate, trainPersons, trainFaces, ImpostorPairs);
            foreach (var kind in Enum.GetValues<Linkage.Kind>())
            {
                text.Append(CultureInfo.InvariantCulture, $"| {kind} | {rate:0e-0} | {threshold:F3} | {PairwiseScore.Of(Linkage.Group(faces, threshold, kind), persons)} |\n");
            }
        }

        var started = Stopwatch.GetTimestamp();
        var own = AverageLinkage.Group(faces, CropEmbeddings.CosineAt(1e-3, trainPersons, trainFaces, ImpostorPairs), CancellationToken.None);
        text.Append(CultureInfo.InvariantCulture, $"| FaceCloud's own, {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s | 1e-3 | | {PairwiseScore.Of(own, persons)} |\n");
        return text.ToString();
    }

    /// <returns>The table as markdown.</returns>
    public static async Task<string> MeasureAsync(FaceCloudClient client, string people, CancellationToken cancellationToken)
    {
        var photos = LabelledPhotos.Read(people, null, enrolledPerPerson: 1, null);
        var files = photos.Enrolled.Concat(photos.Probes).ToArray();
        var items = new List<(string, FaceInput)>();
        for (var i = 0; i < files.Length; i++)
        {
            items.Add(($"{i}", FaceInput.Photo(await File.ReadAllBytesAsync(files[i].File, cancellationToken))));
        }

        var text = new StringBuilder();
        var persons = files.Select(file => file.Person).ToArray();
        text.Append("| false accept rate | cosine | groups | precision | recall | pairwise F1 | not grouped |\n|---|---|---|---|---|---|---|\n");
        foreach (var rate in Rates.Cast<double?>().Append(null))
        {
            var answer = await client.GroupAsync(items, new GroupOptions { MaxFalseAcceptRate = rate }, cancellationToken);
            var groups = answer.Groups.Select(group => (IReadOnlyList<int>)[.. group.Faces.Select(face => int.Parse(face.ItemId, CultureInfo.InvariantCulture))]);

            // Photos without a fit face count as groups of their own, so their pairs count as missed.
            var score = PairwiseScore.Of(groups.Concat(answer.Ungrouped.Select(item => (IReadOnlyList<int>)[int.Parse(item.ItemId, CultureInfo.InvariantCulture)])), persons);
            var name = rate is { } asked ? string.Create(CultureInfo.InvariantCulture, $"{asked:0e-0}") : $"default";
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {answer.Threshold.Value:F3}{(answer.Threshold.Extrapolated ? " (extrapolated)" : "")} | {score} | {answer.Ungrouped.Count} |\n");
            if (rate is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"\nEncoder `{answer.EmbeddingContract}`, {files.Length} photos of {photos.Persons} persons, largest face of each.\n");
            }
        }

        return text.ToString();
    }
}
