using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Accuracy;

/// <summary>The result as markdown.</summary>
internal static class Report
{
    // Of the models' notes: FAR 1e-3 of pairs, and what a search of 60 persons needs to keep strangers out.
    private static readonly float[] Cosines = [0.366f, 0.40f, 0.45f];

    public static string Write(string title, LabelledPhotos photos, Result result)
    {
        var text = new StringBuilder();
        var probes = result.Answers.Where(answer => answer.Person is not null).ToArray();
        var threshold = result.Answers.Select(answer => answer.Threshold).FirstOrDefault(value => value is not null);

        Line(text, $"# {title}");
        Line(text, $"");
        Line(text, $"* Model: `{result.EmbeddingContract}`; {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}");
        Line(text, $"* Command: `{Command()}`");
        Line(text, $"* Persons {photos.Persons}, photos sent for enrolment {photos.Enrolled.Count}: enrolled {result.Enrolment.Enrolled}, rejected {result.Enrolment.RejectedQuality}, no face {result.Enrolment.NoFace}, failed {result.Enrolment.Failed}; {Rate(photos.Enrolled.Count, result.EnrolmentTime)} photos/s through the queue");
        foreach (var line in result.NotEnrolled)
        {
            Line(text, $"  * {line}");
        }

        Line(text, $"* Scoring: {result.Scoring}");
        Line(text, $"* Searches {result.Answers.Count}, {result.Concurrency} at a time: {Rate(result.Answers.Count, result.SearchTime)}/s");
        var rank1 = probes.Count(answer => answer.IsNearestRight);
        Line(text, $"* **Rank-1: {rank1} of {probes.Length} = {Percent(rank1, probes.Length)}** ({BinomialInterval.Of(rank1, probes.Length)})");
        var outcomes = result.Answers.GroupBy(answer => answer.Outcome).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()}");
        Line(text, $"* The server's own outcomes, probes and strangers together: {string.Join(", ", outcomes)}");
        Line(text, $"");
        Line(text, $"| decision | right | another person | not recognized | strangers accepted | 95 % interval of strangers |");
        Line(text, $"|---|---|---|---|---|---|");
        foreach (var cosine in Cosines)
        {
            Row(text, Decisions.AtCosine(string.Create(CultureInfo.InvariantCulture, $"cosine ≥ {cosine:0.000}"), cosine, result.Answers));
        }

        Row(text, Decisions.OfServer($"server's default: {Meaning(threshold)}", result.Answers));
        if (result.CalibrationRefusal is { } refusal)
        {
            Line(text, $"");
            Line(text, $"The gallery could not be calibrated on itself: {refusal}");
        }
        else
        {
            Row(text, Decisions.OfServer($"**calibrated on itself**: {Meaning(result.Calibrated.Select(answer => answer.Threshold).FirstOrDefault(value => value is not null))}", result.Calibrated));
        }

        return text.ToString();
    }

    private static string Meaning(Threshold? threshold) =>
        threshold is null
            ? "?"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"FPIR {threshold.FalsePositiveRate:0.####} over {threshold.GallerySize} persons, {threshold.Comparisons:0.#} comparisons at FAR {threshold.FalseAcceptRate:0.##E+0}, cosine ≥ {threshold.Value:0.000}{(threshold.Extrapolated ? " (extrapolated)" : "")}");

    private static void Row(StringBuilder text, Decisions decisions)
    {
        var accepted = decisions.Strangers == 0
            ? ("–", "–")
            : ($"{decisions.StrangersNamed} of {decisions.Strangers} ({Percent(decisions.StrangersNamed, decisions.Strangers)})", BinomialInterval.Of(decisions.StrangersNamed, decisions.Strangers).ToString());
        Line(text, $"| {decisions.Rule} | {decisions.Right} of {decisions.Probes} ({Percent(decisions.Right, decisions.Probes)}) | {decisions.Wrong} | {decisions.NotRecognized} | {accepted.Item1} | {accepted.Item2} |");
    }

    // Folders are the reader's own; only the last part says something.
    private static string Command() =>
        "dotnet run -c Release --project tests/FaceCloud.Accuracy -- " +
        string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(argument => Path.IsPathRooted(argument) ? ".../" + Path.GetFileName(argument) : argument));

    private static string Percent(int part, int whole) => whole == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");

    private static string Rate(int count, TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{count / time.TotalSeconds:0.0}");

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
