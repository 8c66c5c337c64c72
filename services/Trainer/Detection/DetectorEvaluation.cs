using System.Numerics;
using FaceCloud.Contracts;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Detection;

/// <summary>Scores a detector on labelled photos, through the product's own pipeline.</summary>
public static class DetectorEvaluation
{
    /// <summary>Shorter side of a face that must be found, pixels.</summary>
    public const float SmallestFace = 24;

    /// <summary>Intersection over union from which an answer counts as the labelled face.</summary>
    public const float Overlap = 0.5f;

    // An answer that shares this much of itself with an unsure region, or overlaps a small labelled face so far, is not held against the detector.
    private const float Excused = 0.3f;

    /// <param name="detector">In the product's pipeline.</param>
    /// <param name="samples">Photos with what they show.</param>
    /// <param name="cancellationToken">Checked between photos.</param>
    public static async Task<DetectorScores> RunAsync(
        ProductDetector detector,
        IEnumerable<(LabelledPhoto Labels, byte[] Photo)> samples,
        CancellationToken cancellationToken)
    {
        var (faces, photos, unexplained, faceFree, falseFaces, damaged) = (0, 0, 0, 0, 0, 0);
        var (errors, scores) = (new List<double>(), new List<double>());
        foreach (var (labels, photo) in samples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await detector.FindAsync(photo, cancellationToken).ConfigureAwait(false) is not { } analysis)
            {
                damaged++;
                continue;
            }

            if (labels.FaceFree)
            {
                faceFree++;
                falseFaces += analysis.Faces.Count;
                continue;
            }

            photos++;
            var matches = Match(labels.Faces, analysis.Faces);
            faces += labels.Faces.Count(IsLargeEnough);
            foreach (var (face, answer) in matches.Where(match => IsLargeEnough(match.Face)))
            {
                errors.Add(LandmarkError(face.Landmarks, answer.Landmarks));
                scores.Add(answer.Confidence);
            }

            var explained = matches.Select(match => match.Answer).ToHashSet();
            unexplained += analysis.Faces.Count(answer => !explained.Contains(answer) && !IsExcused(answer.Box, labels));
        }

        errors.Sort();
        scores.Sort();
        return new DetectorScores
        {
            Faces = faces,
            Found = errors.Count,
            LandmarkMedian = Quantile(errors, 0.5),
            LandmarkNineTenths = Quantile(errors, 0.9),
            ScoreMean = scores.Count == 0 ? 0 : scores.Average(),
            ScoreTenth = Quantile(scores, 0.1),
            Photos = photos,
            Unexplained = unexplained,
            FaceFree = faceFree,
            FalseFaces = falseFaces,
            Damaged = damaged,
        };
    }

    /// <summary>Mean distance of the five points, in distances of the labelled eyes.</summary>
    public static double LandmarkError(in FaceLandmarks labelled, in FaceLandmarks found)
    {
        var sum = Vector2.Distance(labelled.LeftEye, found.LeftEye) + Vector2.Distance(labelled.RightEye, found.RightEye)
            + Vector2.Distance(labelled.Nose, found.Nose) + Vector2.Distance(labelled.LeftMouth, found.LeftMouth) + Vector2.Distance(labelled.RightMouth, found.RightMouth);
        return sum / FaceLandmarks.Count / Math.Max(1, Vector2.Distance(labelled.LeftEye, labelled.RightEye));
    }

    /// <summary>Area shared by both over area covered by either.</summary>
    public static float IntersectionOverUnion(in FaceBox a, in FaceBox b)
    {
        var shared = Shared(a, b);
        return shared / ((a.Width * a.Height) + (b.Width * b.Height) - shared);
    }

    internal static double Quantile(List<double> sorted, double share) => sorted.Count == 0 ? 0 : sorted[(int)(share * (sorted.Count - 1))];

    /// <summary>The surest answer first takes the labelled face it overlaps most; a face is taken once.</summary>
    private static List<(LabelledFace Face, AnalyzedFace Answer)> Match(IReadOnlyList<LabelledFace> labelled, IReadOnlyList<AnalyzedFace> found)
    {
        var free = labelled.ToList();
        var matches = new List<(LabelledFace Face, AnalyzedFace Answer)>();
        foreach (var answer in found.OrderByDescending(face => face.Confidence))
        {
            var best = free.Count == 0 ? default : free.MaxBy(face => IntersectionOverUnion(face.Box, answer.Box));
            if (free.Count > 0 && IntersectionOverUnion(best.Box, answer.Box) >= Overlap)
            {
                matches.Add((best, answer));
                free.Remove(best);
            }
        }

        return matches;
    }

    private static bool IsLargeEnough(LabelledFace face) => Math.Min(face.Box.Width, face.Box.Height) >= SmallestFace;

    private static bool IsExcused(FaceBox answer, LabelledPhoto labels) =>
        labels.Unsure.Any(region => Shared(answer, region) >= Excused * answer.Width * answer.Height)
        || labels.Faces.Any(face => !IsLargeEnough(face) && IntersectionOverUnion(face.Box, answer) >= Excused);

    private static float Shared(in FaceBox a, in FaceBox b)
    {
        var width = Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X);
        var height = Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y);
        return width <= 0 || height <= 0 ? 0 : width * height;
    }
}
