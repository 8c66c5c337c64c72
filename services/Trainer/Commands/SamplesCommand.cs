using System.CommandLine;
using System.Globalization;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Native;
using FaceCloud.Trainer.Samples;
using FaceCloud.Trainer.Samples.Judging;
using FaceCloud.Trainer.Samples.Model;
using FaceCloud.Trainer.Samples.People;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>samples</c>: fictional people, drawn from statistics of training crops.</summary>
public static class SamplesCommand
{
    public static Command Create()
    {
        var defaults = new SampleOptions();
        var data = DataOptions.Data();
        var cache = DataOptions.Cache();
        var models = new Option<string[]>("--models") { Description = "Folder with a detector, which must find the faces, once for each; FOLDER:NAME where it is another than the one in use there.", Required = true };
        var encoders = new Option<string[]>("--encoder")
        {
            Description = "An encoder that must tell the people apart, once for each: an ONNX file, FILE:128 where it takes pixels as (x − 127.5) / 128, FILE:mirror where the mirrored crop is added. The last one also says whether a training crop is too near.",
            Required = true,
        };
        var folder = new Option<string>("--out") { Description = "Folder for people/, strangers/, groups/ and manifest.csv; must not hold them yet. What an interrupted run left there is gone on with.", Required = true };
        var sheet = new Option<string?>("--sheet") { Description = "A JPEG with all pictures on it." };
        var seed = new Option<int>("--seed") { Description = "Same seed and data, same pictures.", DefaultValueFactory = _ => defaults.Seed };
        var persons = new Option<int>("--persons") { Description = "Persons with four photos each.", DefaultValueFactory = _ => defaults.Persons }.AtLeast(2).AtMost(SampleGenerator.MostPersons);
        var strangers = new Option<int>("--strangers") { Description = "Persons with one photo.", DefaultValueFactory = _ => defaults.Strangers }.AtLeast(1);
        var candidates = new Option<int>("--candidates") { Description = "Persons drawn to choose from.", DefaultValueFactory = _ => defaults.Candidates }.AtLeast(3);
        var same = new Option<float>("--least-same") { Description = "Lowest similarity of two photos of a person.", DefaultValueFactory = _ => defaults.LeastSame };
        var different = new Option<float>("--most-different") { Description = "Highest similarity of two persons.", DefaultValueFactory = _ => defaults.MostDifferent };
        var training = new Option<float>("--most-training") { Description = "Highest similarity to any training crop.", DefaultValueFactory = _ => defaults.MostTraining };
        var distinctness = new Option<float>("--distinctness") { Description = "How much a person stands out among those who look alike; 1 as they do.", DefaultValueFactory = _ => defaults.Distinctness };
        var threads = new Option<int>("--threads") { Description = "Threads for learning the model.", DefaultValueFactory = _ => 1 }.AtLeast(1);
        var command = new Command("samples", "Draws fictional people for demonstrations and checks that they are nobody's.")
        {
            data, cache, models, encoders, folder, sheet, seed, persons, strangers, candidates, same, different, training, distinctness, threads,
        };
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var options = defaults with
            {
                Seed = parsed.GetValue(seed),
                Persons = parsed.GetValue(persons),
                Strangers = parsed.GetValue(strangers),
                Candidates = parsed.GetValue(candidates),
                LeastSame = parsed.GetValue(same),
                MostDifferent = parsed.GetValue(different),
                Distinctness = parsed.GetValue(distinctness),
                MostTraining = parsed.GetValue(training),
            };
            var to = parsed.GetValue(folder)!;
            SampleFolder.ThrowIfFinished(to);
            TorchRuntime.Ensure(error.WriteLine);
            TorchSharp.torch.set_num_threads(parsed.GetValue(threads));
            var opened = parsed.GetValue(encoders)!.Select(SampleEncoder.Open).ToArray();
            var detectors = new List<FaceFinder>();
            try
            {
                detectors.AddRange(parsed.GetValue(models)!.Select(Finder));
                var source = DataOptions.Open(parsed.GetValue(data)!, null, error);
                using var pixels = DataOptions.OpenPixels(source, parsed.GetValue(cache)!, error, cancellationToken);
                var model = FaceModelCache.Open(source, pixels, new FaceModelOptions { Threads = parsed.GetValue(threads) }, parsed.GetValue(cache)!, Log, cancellationToken);
                var teacherPath = Path.Combine(parsed.GetValue(data)!, "teacher.f16");
                var teacher = File.Exists(teacherPath) ? TeacherEmbeddings.Load(teacherPath, source.Faces.Count) : null;
                var gallery = TrainingGallery.Open(opened[^1], pixels, source, teacher, parsed.GetValue(cache)!, Log, cancellationToken);
                var sampler = new PersonSampler(model, ApparentSex.Score(model, [.. model.PersonRows.Select(row => gallery[row].ToArray())]));
                var samples = SampleFolder.Open(to, string.Join("; ", [source.Fingerprint, $"{options}", .. detectors.Select(d => d.Fingerprint), .. opened.Select(e => e.Fingerprint)]));
                if (samples.Progress.Count > 0)
                {
                    Log($"going on after {samples.Progress.Count} candidates");
                }

                var generator = new SampleGenerator(
                    sampler, new Casting(model), new SampleStudio(model), new SampleJudge(detectors, opened).Faces, [.. detectors.Select((_, i) => (Way(i, opened.Length - 1), gallery))], options, samples, Log);
                var photos = generator.Run(cancellationToken);
                samples.Finish(photos);
                if (parsed.GetValue(sheet) is { } path)
                {
                    File.WriteAllBytes(path, ContactSheet.Jpeg(photos.Select(p => p.Jpeg)));
                }

                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{photos.Count} pictures, {photos.Sum(p => p.Jpeg.Length) / 1e6:F2} MB, in {to}"));
                output.Write(SampleReport.Table(
                    from detector in Enumerable.Range(0, detectors.Count)
                    from encoder in Enumerable.Range(0, opened.Length)
                    select SampleMeasures.Of($"{parsed.GetValue(models)![detector]}, {opened[encoder].Name}", Way(detector, encoder), photos, encoder == opened.Length - 1 ? gallery : null)));
                if (gallery.HeldOut(source.Faces, most: 400) is { Count: > 0 } real)
                {
                    output.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"For comparison, {real.Count} crops of real persons held out: nearest training crop median {real[real.Count / 2]:F3}, lowest tenth {real[real.Count / 10]:F3}; {real.Count(r => r > options.MostTraining) / (double)real.Count:P0} above {options.MostTraining}"));
                }
            }
            finally
            {
                foreach (var model in detectors.Concat<IDisposable>(opened))
                {
                    model.Dispose();
                }
            }

            return Task.CompletedTask;

            int Way(int detector, int encoder) => (detector * opened.Length) + encoder;

            void Log(string line) => error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {line}");
        }));
        return command;
    }

    private static FaceFinder Finder(string models) =>
        models.LastIndexOf(':') is > 1 and var colon && !Directory.Exists(models) ? new FaceFinder(models[..colon], models[(colon + 1)..]) : new FaceFinder(models);
}
