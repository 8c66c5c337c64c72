using System.Numerics;
using FaceCloud.Trainer.Failures;
using FaceCloud.Vision;
using NetVips;

namespace FaceCloud.Trainer.Detection;

/// <summary>A folder of photos that nobody has labelled: which of them show a face to a detector, and how far two detectors' landmarks lie apart.</summary>
public static class PlainPhotos
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp"];

    public static IReadOnlyList<string> Find(string folder)
    {
        var files = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
                .Order(StringComparer.Ordinal)
                .ToList()
            : [];
        return files.Count > 0 ? files : throw new TrainerException($"{folder} holds no JPEG, PNG or WebP files.");
    }

    /// <summary>What each detector sees on each photo; null where the photo cannot be read.</summary>
    public static async Task<List<PhotoAnalysis?>> AnalyzeAsync(ProductDetector detector, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var analyses = new List<PhotoAnalysis?>();
        foreach (var file in files)
        {
            analyses.Add(await detector.FindAsync(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false));
        }

        return analyses;
    }

    /// <summary>
    /// Distances between the landmarks of faces that both saw (overlap 0.5 or more), in distances of the reference's eyes; sorted.
    /// </summary>
    public static List<double> Differences(IReadOnlyList<PhotoAnalysis?> analyses, IReadOnlyList<PhotoAnalysis?> reference)
    {
        var differences = new List<double>();
        foreach (var (mine, theirs) in analyses.Zip(reference))
        {
            foreach (var face in theirs?.Faces ?? [])
            {
                if (mine?.Faces.FirstOrDefault(other => DetectorEvaluation.IntersectionOverUnion(other.Box, face.Box) >= DetectorEvaluation.Overlap) is { } same)
                {
                    differences.Add(DetectorEvaluation.LandmarkError(face.Landmarks, same.Landmarks));
                }
            }
        }

        differences.Sort();
        return differences;
    }

    /// <summary>Writes a copy of the photo with boxes and points drawn in, to be looked at.</summary>
    public static void Draw(string file, PhotoAnalysis analysis, string target)
    {
        using var read = Image.NewFromFile(file);
        using var upright = read.Autorot();
        using var colour = upright.Colourspace(Enums.Interpretation.Srgb);
        using var flat = colour.HasAlpha() ? colour.Flatten() : colour.Copy();
        using var picture = flat.CopyMemory();
        var drawn = picture.Mutate(image =>
        {
            foreach (var face in analysis.Faces)
            {
                var thickness = 1 + (int)(face.Box.Width / 60);
                for (var i = 0; i < thickness; i++)
                {
                    image.DrawRect([0, 255, 0], (int)face.Box.X + i, (int)face.Box.Y + i, (int)face.Box.Width - (2 * i), (int)face.Box.Height - (2 * i));
                }

                ReadOnlySpan<Vector2> points = [face.Landmarks.LeftEye, face.Landmarks.RightEye, face.Landmarks.Nose, face.Landmarks.LeftMouth, face.Landmarks.RightMouth];
                foreach (var point in points)
                {
                    image.DrawCircle([255, 0, 0], (int)point.X, (int)point.Y, thickness, fill: true);
                }
            }
        });
        using (drawn)
        {
            drawn.WriteToFile(target);
        }
    }
}
