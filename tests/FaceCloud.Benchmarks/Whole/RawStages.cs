using System.Diagnostics;
using FaceCloud.Inference.Encoding;
using FaceCloud.Vision.Decoding;
using FaceCloud.Vision.Detection;

namespace FaceCloud.Benchmarks.Whole;

/// <summary>Every stage alone: one photo at a time, then as many as the machine can.</summary>
internal static class RawStages
{
    // Decoded photos are kept in memory: so many are enough to have all kinds.
    private const int Most = 200;

    // What an encoder worker hands over at once; see EncoderOptions.MessageBatch.
    private const int BulkCrops = 32;

    /// <summary>The stages in order, and for each photo the sum of its stages on one thread.</summary>
    public static async Task<(IReadOnlyList<StageResult> Stages, Percentiles Sum)> MeasureAsync(Stages stages, PhotoSet set, TimeSpan stageTime)
    {
        var photos = set.Photos.Take(Most).Select(photo => photo.Photo).ToArray();
        var work = new List<Work>();
        foreach (var photo in photos)
        {
            var decoded = stages.Decode(photo);
            if (await stages.DetectAsync(decoded) is { } face)
            {
                work.Add(new Work(photo, decoded, face, Stages.Align(decoded, face, 0)));
            }
        }

        var times = new List<double[]>();
        // The first pass warms up.
        for (var pass = 0; pass < 2; pass++)
        {
            times.Clear();
            foreach (var item in work)
            {
                times.Add(await OneAsync(stages, item));
            }
        }

        var results = new[]
        {
            new StageResult("decode", Single(0), await AllCoresAsync(work, 1, Environment.ProcessorCount, stageTime, items =>
            {
                stages.Decode(items[0].Photo).Dispose();
                return Task.CompletedTask;
            })),
            new StageResult("detect", Single(1), await AllCoresAsync(work, 1, Environment.ProcessorCount, stageTime, async items => await stages.DetectAsync(items[0].Decoded))),
            new StageResult("check upright", Single(2), await AllCoresAsync(work, 1, Environment.ProcessorCount, stageTime, async items => await stages.CheckAsync(items[0].Decoded, items[0].Face))),
            new StageResult("align, quality", Single(3), await AllCoresAsync(work, 1, Environment.ProcessorCount, stageTime, items =>
            {
                Stages.Align(items[0].Decoded, items[0].Face, 0);
                return Task.CompletedTask;
            })),
            new StageResult("embed", Single(4), await AllCoresAsync(work, BulkCrops, 2, stageTime, items =>
                stages.EmbedAsync([.. items.Select(item => (ReadOnlyMemory<byte>)item.Crop)], EncodePriority.Bulk))),
        };
        foreach (var item in work)
        {
            item.Decoded.Dispose();
        }

        return (results, Percentiles.Of(times.Select(parts => parts.Sum())));

        Percentiles Single(int stage) => Percentiles.Of(times.Select(parts => parts[stage]));
    }

    private static async Task<double[]> OneAsync(Stages stages, Work item)
    {
        var marks = new long[6];
        marks[0] = Stopwatch.GetTimestamp();
        using var decoded = stages.Decode(item.Photo);
        marks[1] = Stopwatch.GetTimestamp();
        var face = (await stages.DetectAsync(decoded))!.Value;
        marks[2] = Stopwatch.GetTimestamp();
        var turn = await stages.CheckAsync(decoded, face);
        marks[3] = Stopwatch.GetTimestamp();
        var crop = Stages.Align(decoded, face, turn);
        marks[4] = Stopwatch.GetTimestamp();
        await stages.EmbedAsync([crop], EncodePriority.Interactive);
        marks[5] = Stopwatch.GetTimestamp();
        return [.. marks.Zip(marks.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds)];
    }

    private static async Task<double> AllCoresAsync(IReadOnlyList<Work> work, int atOnce, int workers, TimeSpan time, Func<Work[], Task> run)
    {
        var (next, done) = (0, 0);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < time)
            {
                var first = Interlocked.Add(ref next, atOnce) - atOnce;
                await run([.. Enumerable.Range(first, atOnce).Select(i => work[i % work.Count])]);
                Interlocked.Add(ref done, atOnce);
            }
        })));
        return done / clock.Elapsed.TotalSeconds;
    }

    private sealed record Work(byte[] Photo, DecodedPhoto Decoded, DetectedFace Face, byte[] Crop);
}
