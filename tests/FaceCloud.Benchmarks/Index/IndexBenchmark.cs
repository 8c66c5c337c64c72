using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Index.Embedded;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Benchmarks.Index;

/// <summary>
/// The embedded index against the memory's bandwidth, faiss' exact index and hnswlib's graph, all in one run on the same cores
/// and the same vectors.
/// </summary>
public static class IndexBenchmark
{
    private static readonly GalleryKey Key = new("default", "benchmark");

    public static async Task<string> RunAsync(IndexSettings settings, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("facecloud-index-");
        try
        {
            var report = new IndexReport(settings);
            var memory = new MemoryBandwidth();
            var (flat, noFlat) = await NativeProgram.CompileAsync("flat", folder.FullName, ["-lfaiss", "-lopenblas"], cancellationToken);
            var (graph, noGraph) = await NativeProgram.CompileAsync("graph", folder.FullName, ["-lpthread"], cancellationToken);
            report.Note(noFlat);
            report.Note(noGraph);

            foreach (var dimension in settings.Dimensions)
            {
                foreach (var faces in settings.Faces)
                {
                    foreach (var facesPerPerson in (int[])[1, 5])
                    {
                        var set = new FaceSet(faces, dimension, facesPerPerson);
                        var (own, answers) = await MeasureOwnAsync(set, memory, settings, cancellationToken);
                        report.Bandwidth = memory.Best;
                        GC.Collect();
                        var others = new List<OtherResult>();
                        if (flat is not null || graph is not null)
                        {
                            await WriteAsync(set, folder.FullName, cancellationToken);
                        }

                        if (flat is not null)
                        {
                            others.AddRange(await MeasureOtherAsync("faiss IndexFlatIP", flat, set, settings, folder.FullName, [], answers, cancellationToken));
                        }

                        if (graph is not null && faces <= settings.GraphFaces)
                        {
                            others.AddRange(await MeasureOtherAsync("hnswlib, ef ", graph, set, settings, folder.FullName, ["64", "256", "1024"], answers, cancellationToken));
                        }

                        report.Add(set, own, others);
                        Console.Error.WriteLine($"{faces} x {dimension}, {facesPerPerson} a person: done");
                    }
                }

                if (settings.LoadFaces > 0)
                {
                    var set = new FaceSet(settings.LoadFaces, dimension, 5);
                    report.AddLoad(set, await StoreLoad.MeasureAsync(set, folder.FullName, cancellationToken));
                    Console.Error.WriteLine($"{settings.LoadFaces} x {dimension} from SQLite: done");
                    Array.ForEach(folder.GetFiles("gallery-*"), file => file.Delete());
                }
            }

            return report.ToString();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(OwnResult Result, IndexSearch Answers)> MeasureOwnAsync(
        FaceSet set, MemoryBandwidth bandwidth, IndexSettings settings, CancellationToken cancellationToken)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new EmbeddedFaceIndex();
        foreach (var batch in set.Batches())
        {
            await index.UpsertAsync(Key, batch, cancellationToken);
        }

        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        var probes = set.Probes(IndexSettings.Probes);
        var answers = await index.SearchAsync(Key, probes, IndexSettings.MaxPersons, cancellationToken);

        // Rounds of memory between those of the index: what slows the one down slows the other.
        var single = await LeastAsync(settings.Rounds, async round =>
        {
            bandwidth.Measure();
            var clock = new Clock();
            await index.SearchAsync(Key, [probes[round % probes.Length]], IndexSettings.MaxPersons, cancellationToken);
            return clock.Elapsed;
        });
        var together = await LeastAsync(settings.Rounds / 3, async _ =>
        {
            var clock = new Clock();
            await Task.WhenAll(probes.Select(probe => Task.Run(() => index.SearchAsync(Key, [probe], IndexSettings.MaxPersons, cancellationToken), cancellationToken)));
            return clock.Elapsed;
        });
        return (new OwnResult(single, together, memory), answers);
    }

    private static async Task<TimeSpan> LeastAsync(int rounds, Func<int, Task<TimeSpan>> measure)
    {
        // The first second is for the compiler.
        var warming = Stopwatch.GetTimestamp();
        for (var round = 0; Stopwatch.GetElapsedTime(warming) < TimeSpan.FromSeconds(1); round++)
        {
            await measure(round);
        }

        var least = TimeSpan.MaxValue;
        for (var round = 0; round < Math.Max(rounds, 1); round++)
        {
            var time = await measure(round);
            least = time < least ? time : least;
        }

        return least;
    }

    private static async Task WriteAsync(FaceSet set, string folder, CancellationToken cancellationToken)
    {
        await using (var file = File.Create(Path.Combine(folder, "vectors")))
        {
            foreach (var batch in set.Batches())
            {
                foreach (var face in batch)
                {
                    file.Write(MemoryMarshal.AsBytes<float>(face.Embedding));
                }
            }
        }

        var probes = set.Probes(IndexSettings.Probes).SelectMany(probe => probe).ToArray();
        await File.WriteAllBytesAsync(Path.Combine(folder, "probes"), MemoryMarshal.AsBytes<float>(probes).ToArray(), cancellationToken);
    }

    // One result, or one for each of the variants.
    private static async Task<IReadOnlyList<OtherResult>> MeasureOtherAsync(
        string name, NativeProgram program, FaceSet set, IndexSettings settings, string folder, string[] variants, IndexSearch answers, CancellationToken cancellationToken)
    {
        // They know faces only: for the best persons, as many faces as could belong to them.
        var k = IndexSettings.MaxPersons * set.FacesPerPerson;
        var found = Path.Combine(folder, "answers");
        int[] numbers = [set.Faces, set.Dimension, IndexSettings.Probes, k, settings.Rounds];
        var text = Array.ConvertAll(numbers, number => number.ToString(CultureInfo.InvariantCulture));
        string[] command = [Path.Combine(folder, "vectors"), text[0], text[1], Path.Combine(folder, "probes"), text[2], text[3], text[4], found, .. variants];
        var measured = await program.MeasureAsync(command, 0, cancellationToken);
        if (variants.Length == 0)
        {
            // OpenBLAS' threads wait for each other at every step, so that one thread is faster where others use the cores: the better counts.
            var alone = await program.MeasureAsync(command, 1, cancellationToken);
            measured = measured.ToDictionary(time => time.Key, time => Math.Min(time.Value, alone[time.Key]));
        }

        var results = new List<OtherResult>();
        foreach (var variant in variants.DefaultIfEmpty(""))
        {
            var ending = variant.Length == 0 ? "" : "-" + variant;
            var ids = MemoryMarshal.Cast<byte, long>(await File.ReadAllBytesAsync(found + ending, cancellationToken)).ToArray();
            results.Add(new OtherResult(
                name + variant,
                TimeSpan.FromMilliseconds(measured["single" + ending]),
                TimeSpan.FromMilliseconds(measured["batch" + ending]),
                Recall(set, answers, [.. ids.Chunk(k)])));
        }

        return results;
    }

    private static double Recall(FaceSet set, IndexSearch answers, long[][] found)
    {
        var (hits, wanted) = (0, 0);
        foreach (var (matches, faces) in answers.Matches.Zip(found))
        {
            var persons = faces.Where(face => face >= 0).Select(face => FaceSet.PersonId(set.PersonOf(face))).Distinct().Take(IndexSettings.MaxPersons).ToHashSet();
            hits += matches.Count(match => persons.Contains(match.PersonId));
            wanted += matches.Count;
        }

        return (double)hits / wanted;
    }
}
