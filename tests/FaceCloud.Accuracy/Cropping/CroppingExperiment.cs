using System.Globalization;
using System.Text;
using FaceCloud.Inference;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Vision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceCloud.Accuracy.Cropping;

/// <summary>What cropping to the face and aligning it are worth: the same photos and encoder, three ways of cutting.</summary>
internal sealed class CroppingExperiment : IDisposable
{
    private const int AtOnce = 32;

    private readonly IHost _host;
    private readonly OnnxFaceEncoder _encoder;

    /// <param name="models">Folder of the user's models; null for the shipped ones.</param>
    public CroppingExperiment(string? models)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        if (models is not null)
        {
            builder.Configuration.AddInMemoryCollection([new($"{ModelsOptions.SectionName}:{nameof(ModelsOptions.Directory)}", models)]);
        }

        builder.Services.AddModels(ModelKind.Encoder);
        builder.AddVision();
        _host = builder.Build();
        _encoder = new OnnxFaceEncoder(
            _host.Services.GetRequiredService<ModelCatalog>().Encoder,
            _host.Services.GetRequiredService<IOptions<InferenceOptions>>().Value,
            new BatchingOptions(),
            TimeProvider.System,
            _host.Services.GetRequiredService<ILoggerFactory>());
    }

    /// <returns>The table as markdown.</returns>
    public async Task<string> RunAsync(string people, CancellationToken cancellationToken)
    {
        var photos = LabelledPhotos.Read(people, null, enrolledPerPerson: 1, null);
        var faces = await FacesAsync([.. photos.Enrolled.Concat(photos.Probes).OrderBy(p => p.Person, StringComparer.Ordinal).ThenBy(p => p.File.Length).ThenBy(p => p.File, StringComparer.Ordinal)], cancellationToken);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Encoder `{(await _encoder.GetModelAsync(cancellationToken)).EmbeddingContract}`, {faces.Length} photos of {photos.Persons} persons, all pairs.\n\n");
        text.Append("| the encoder sees | rank-1, one photo enrolled | EER | TAR at FAR 1e-2 | TAR at FAR 1e-3 |\n|---|---|---|---|---|\n");
        foreach (var way in Enum.GetValues<CropWay>())
        {
            var embeddings = new List<(string, float[])>();
            foreach (var chunk in faces.Chunk(AtOnce))
            {
                var crops = chunk.Select(face => PhotoCrops.Of(way, face.Photo, face.Face)).ToArray();
                var encoded = await _encoder.EncodeAsync(crops, EncodePriority.Bulk, cancellationToken);
                embeddings.AddRange(chunk.Select((face, i) => (face.Person, encoded.Embeddings[i])));
            }

            var scores = PairScores.Of(embeddings);
            text.Append(CultureInfo.InvariantCulture, $"| {Name(way)} | {scores.Rank1} of {scores.Probes} = {100.0 * scores.Rank1 / scores.Probes:F1} % | {100 * scores.EqualErrorRate:F1} % | {100 * scores.TrueAcceptsAt1E2:F1} % | {100 * scores.TrueAcceptsAt1E3:F1} % |\n");
        }

        return text.ToString();
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _host.Dispose();
    }

    /// <summary>Photos without a face are left out of all three ways.</summary>
    private async Task<(string Person, byte[] Photo, AnalyzedFace Face)[]> FacesAsync(LabelledPhoto[] photos, CancellationToken cancellationToken)
    {
        var analyzer = _host.Services.GetRequiredService<FaceAnalyzer>();
        var found = new List<(string, byte[], AnalyzedFace)>();
        foreach (var photo in photos)
        {
            var bytes = await File.ReadAllBytesAsync(photo.File, cancellationToken);
            var analysis = await analyzer.AnalyzeAsync(bytes, QualityGate.None, maxFaces: 1, cancellationToken);
            if (analysis.Faces is [var face, ..])
            {
                found.Add((photo.Person!, bytes, face));
            }
        }

        return [.. found];
    }

    private static string Name(CropWay way) => way switch
    {
        CropWay.Aligned => "the face, aligned by five landmarks",
        CropWay.Box => "the face, cut by its box",
        _ => "the middle of the whole photo",
    };
}
