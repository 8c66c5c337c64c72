using System.Formats.Tar;
using System.Globalization;
using System.Numerics;
using System.Text;
using FaceCloud.Contracts;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Failures;
using FaceCloud.Vision;
using NetVips;

namespace FaceCloud.Trainer.Detection.Labelling;

/// <summary>
/// Turns aligned crops into labelled photos: a detector that knows more than the one to be trained looks at each with an empty margin
/// about it and says where the face and its five points lie. Crops of faces turned far away are all kept, of the others a share: photos
/// of people are mostly frontal, and what a detector meets twice in a hundred photos it learns poorly.
/// </summary>
public sealed class CropLabelling(ProductDetector teacher, CropLabellingOptions options)
{
    /// <summary>Empty pixels on each side while the teacher looks: what reaches over the edge stays visible to it as such.</summary>
    private const int Margin = 20;

    /// <summary>From this score on an answer is a label; below, neither face nor background.</summary>
    private const float Sure = 0.6f;

    // The aligned face covers the middle of its crop; an answer elsewhere is another face.
    private const float LeastShareOfCrop = 0.18f;

    /// <summary>Writes <c>photos.csv</c>, <c>labels.csv</c>, <c>ignore.csv</c> and <c>shard-000.tar</c> into a folder that does not hold any yet.</summary>
    public async Task<CropLabellingResult> RunAsync(CropShards crops, string folder, CancellationToken cancellationToken)
    {
        var labelsPath = Path.Combine(folder, "labels.csv");
        if (File.Exists(labelsPath))
        {
            throw new TrainerException($"{folder} already holds labels.csv; choose another folder.");
        }

        Directory.CreateDirectory(folder);
        const string Shard = "shard-000.tar";
        var (photos, labels, ignored) = (new StringBuilder("shard,name,source,width,height,faces,origin\n"), new StringBuilder("name,x,y,w,h,eye1_x,eye1_y,eye2_x,eye2_y,nose_x,nose_y,mouth1_x,mouth1_y,mouth2_x,mouth2_y,score\n"), new StringBuilder("name,x,y,w,h,score\n"));
        var (seen, turned, others, without) = (0, 0, 0, 0);
        await using (var stream = new FileStream(Path.Combine(folder, Shard), FileMode.Create))
        await using (var tar = new TarWriter(stream, TarEntryFormat.Ustar))
        {
            foreach (var crop in crops.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (seen == options.Most)
                {
                    break;
                }

                seen++;
                if (await LookAsync(crop.Photo, cancellationToken).ConfigureAwait(false) is not { } found)
                {
                    without++;
                    continue;
                }

                var record = crops.Faces[crop.Row];
                var isTurned = new LabelledFace(found.Main.Box, found.Main.Landmarks).RelativeWidth < options.TurnedBelow;
                if (!isTurned && new Augmentation.SmallRandom(options.Seed, crop.Row, 0).NextFloat() >= options.OthersShare)
                {
                    continue;
                }

                _ = isTurned ? turned++ : others++;
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, record.Name) { DataStream = new MemoryStream(crop.Photo) }, cancellationToken).ConfigureAwait(false);
                photos.AppendLine(CultureInfo.InvariantCulture, $"{Shard},{record.Name},crop,{found.Width},{found.Height},{found.Faces.Count},{record.Identity ?? record.Name}");
                foreach (var face in found.Faces)
                {
                    (face.Confidence >= Sure ? labels : ignored).AppendLine(Row(record.Name, face));
                }
            }
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "photos.csv"), photos.ToString(), cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(folder, "ignore.csv"), ignored.ToString(), cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(labelsPath, labels.ToString(), cancellationToken).ConfigureAwait(false);
        return new CropLabellingResult(seen, turned, others, without);
    }

    /// <summary>Null where the crop cannot be read or the teacher is not sure of a face in its middle.</summary>
    private async Task<Found?> LookAsync(byte[] crop, CancellationToken cancellationToken)
    {
        byte[] framed;
        int width, height;
        try
        {
            using var image = Image.NewFromBuffer(crop);
            using var colour = image.Colourspace(Enums.Interpretation.Srgb);
            (width, height) = (colour.Width, colour.Height);
            using var canvas = colour.Embed(Margin, Margin, width + (2 * Margin), height + (2 * Margin), extend: Enums.Extend.Black);
            framed = canvas.PngsaveBuffer(compression: 0);
        }
        catch (VipsException)
        {
            return null;
        }

        var faces = (await teacher.FindAsync(framed, cancellationToken).ConfigureAwait(false))?.Faces ?? [];
        var moved = faces.Select(face => new FoundLabel(
            face.Box with { X = face.Box.X - Margin, Y = face.Box.Y - Margin },
            Moved(face.Landmarks),
            face.Confidence)).ToList();
        var main = moved.Where(face => face.Confidence >= Sure && IsMain(face.Box, width, height)).OrderByDescending(face => face.Confidence).FirstOrDefault();
        return main is null ? null : new Found(main, moved, width, height);
    }

    private static FaceLandmarks Moved(in FaceLandmarks p)
    {
        var back = new Vector2(Margin);
        return new(p.LeftEye - back, p.RightEye - back, p.Nose - back, p.LeftMouth - back, p.RightMouth - back);
    }

    private static bool IsMain(in FaceBox box, int width, int height) =>
        box.Width * box.Height >= LeastShareOfCrop * width * height
        && box.X < width / 2f && box.X + box.Width > width / 2f && box.Y < height / 2f && box.Y + box.Height > height / 2f;

    private static string Row(string name, FoundLabel face)
    {
        var p = face.Landmarks;
        float[] numbers = face.Confidence >= Sure
            ? [face.Box.X, face.Box.Y, face.Box.Width, face.Box.Height, p.LeftEye.X, p.LeftEye.Y, p.RightEye.X, p.RightEye.Y, p.Nose.X, p.Nose.Y, p.LeftMouth.X, p.LeftMouth.Y, p.RightMouth.X, p.RightMouth.Y]
            : [face.Box.X, face.Box.Y, face.Box.Width, face.Box.Height];
        return string.Create(CultureInfo.InvariantCulture, $"{name},{string.Join(',', numbers.Select(n => n.ToString("F2", CultureInfo.InvariantCulture)))},{face.Confidence:F3}");
    }

    private sealed record FoundLabel(FaceBox Box, FaceLandmarks Landmarks, float Confidence);

    private sealed record Found(FoundLabel Main, IReadOnlyList<FoundLabel> Faces, int Width, int Height);
}
