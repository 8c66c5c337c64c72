using System.Formats.Tar;
using FaceCloud.Inference;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Testing;
using FaceCloud.Vision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Tests;

/// <summary>60 persons with 8 photos each and 200 strangers, research data that is not part of the repository, encoded by real models.</summary>
internal static class RealPhotos
{
    private const int Persons = 60;
    private const int Photos = 8;

    // Padded with zeros to what the hosts' encoder gives: cosines stay.
    public static async Task<(List<(string Person, int Photo, float[] Embedding)> People, List<float[]> Strangers, EncoderModel Model)> EncodeAsync(
        string encoderName, string detectorName, bool withStrangers = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Models:Encoder", encoderName), new("Models:Detector", detectorName)]);
        if (encoderName.StartsWith("mobile", StringComparison.Ordinal))
        {
            builder.Configuration.AddInMemoryCollection([new("Models:Directory", SharedData.Models)]);
        }

        builder.Services.AddModels(ModelKind.Encoder);
        builder.AddVision();
        using var services = builder.Build();
        using var encoder = new OnnxFaceEncoder(
            services.Services.GetRequiredService<ModelCatalog>().Encoder,
            services.Services.GetRequiredService<IOptions<InferenceOptions>>().Value,
            new BatchingOptions(),
            TimeProvider.System,
            services.Services.GetRequiredService<ILoggerFactory>());
        var analyzer = services.Services.GetRequiredService<FaceAnalyzer>();
        var people = new List<(string, int, float[])>();
        await foreach (var (name, embedding) in FacesAsync("people.tar"))
        {
            people.Add((Path.GetFileName(Path.GetDirectoryName(name))!, int.Parse(Path.GetFileNameWithoutExtension(name)), embedding));
        }

        var strangers = new List<float[]>();
        if (withStrangers)
        {
            await foreach (var (_, embedding) in FacesAsync("strangers.tar"))
            {
                strangers.Add(embedding);
            }

            Assert.InRange(strangers.Count, 190, 200);
        }

        Assert.InRange(people.Count, Persons * Photos * 9 / 10, Persons * Photos);
        return (people, strangers, await encoder.GetModelAsync(TestContext.Current.CancellationToken));

        async IAsyncEnumerable<(string Name, float[] Embedding)> FacesAsync(string archive)
        {
            await using var file = File.OpenRead(Path.Combine(SharedData.Photos, archive));
            await using var tar = new TarReader(file);
            while (await tar.GetNextEntryAsync() is { } entry)
            {
                if (entry.DataStream is null)
                {
                    continue;
                }

                using var photo = new MemoryStream();
                await entry.DataStream.CopyToAsync(photo);
                var analysis = await analyzer.AnalyzeAsync(photo.ToArray(), QualityGate.None, maxFaces: 1, TestContext.Current.CancellationToken);
                if (analysis.Faces is [var face, ..])
                {
                    var encoded = await encoder.EncodeAsync([face.Crop], EncodePriority.Bulk, TestContext.Current.CancellationToken);
                    var padded = new float[FakeFaceEncoder.Dimension];
                    encoded.Embeddings[0].CopyTo(padded, 0);
                    yield return (entry.Name, padded);
                }
            }
        }
    }
}
