using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Native;
using FaceCloud.Trainer.Samples.Model;
using FaceCloud.Trainer.Samples.People;
using NetVips;

namespace FaceCloud.Trainer.Commands;

/// <summary><c>samples</c>.</summary>
public static class SamplesCommand
{
    public static System.CommandLine.Command Create()
    {
        var data = DataOptions.Data();
        var cache = DataOptions.Cache();
        var command = new System.CommandLine.Command("samples", "x") { data, cache };
        command.SetAction((parsed, cancellationToken) => Outcome.Of(parsed, () =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            TorchRuntime.Ensure(error.WriteLine);
            TorchSharp.torch.set_num_threads(1);
            var source = DataOptions.Open(parsed.GetValue(data)!, null, error);
            using var pixels = DataOptions.OpenPixels(source, parsed.GetValue(cache)!, error, cancellationToken);
            var path = Path.Combine(parsed.GetValue(cache)!, Environment.GetEnvironmentVariable("MODEL") ?? "face.model");
            var model = FaceModel.TryRead(path);
            if (model is null)
            {
                model = new FaceModelBuilder(pixels, new FaceModelOptions(), l => output.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {l}")).Build(TrainingSet.Build(source, pixels.Damaged), cancellationToken);
                model.Write(path);
            }

            var teacher = TeacherEmbeddings.Load(Path.Combine(parsed.GetValue(data)!, "teacher.f16"), source.Faces.Count);
            var embeddings = model.PersonRows.Select(row =>
            {
                var e = new float[teacher.Dimension];
                teacher.CopyTo(row, e);
                return e;
            }).ToArray();
            var sex = ApparentSex.Score(model, embeddings);
            var sampler = new PersonSampler(model, sex);
            if (Environment.GetEnvironmentVariable("GROUPS") is not null)
            {
                var order = Enumerable.Range(0, sex.Length).OrderBy(i => sex[i]).ToArray();
                var ims = new List<Image>();
                for (var k = 0; k < 48; k++)
                {
                    var t = pixels.Pixels(model.PersonRows[order[(int)((order.Length - 1) * (k / 47.0))]]).ToArray();
                    ims.Add(Image.NewFromMemory(t, 120, 120, 3, Enums.BandFormat.Uchar));
                }

                Image.Arrayjoin([.. ims], 12).WriteToFile("/tmp/smp/groups.png");
                output.WriteLine($"{sex.Min()} {sex.Max()} long {sex.Count(h => h > 0)} of {sex.Length}");
                return Task.CompletedTask;
            }

            var casting = new Casting(model);
            var studio = new SampleStudio(model, sampler);
            var images = new List<Image>();
            var T = int.Parse(Environment.GetEnvironmentVariable("T") ?? "2", System.Globalization.CultureInfo.InvariantCulture);
            var n = int.Parse(Environment.GetEnvironmentVariable("N") ?? "12", System.Globalization.CultureInfo.InvariantCulture);
            var d = float.Parse(Environment.GetEnvironmentVariable("D") ?? "1.7", System.Globalization.CultureInfo.InvariantCulture);
            for (var i = 0; i < n; i++)
            {
                var (place, woman) = sampler.Person(new GaussianRandom(1, 100 + i), d);
                var person = casting.Dress(place, woman, 500 + i);
                for (var take = 0; take < T; take++)
                {
                    images.Add(Image.NewFromBuffer(studio.Portrait(person, take)));
                }
            }

            Image.Arrayjoin([.. images], 8).WriteToFile("/tmp/smp/look.jpg");
            return Task.CompletedTask;
        }));
        return command;
    }
}
