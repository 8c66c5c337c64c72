using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Models;
using FaceCloud.Trainer.Failures;
using FaceCloud.Vision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceCloud.Trainer.Data;

/// <summary>Finds and aligns the largest face of an ordinary photo, with the product's own detector and alignment.</summary>
public sealed class FaceFinder : IDisposable
{
    private readonly IHost _host;
    private readonly FaceAnalyzer _analyzer;

    /// <param name="models">Folder with the detector, as the services know it by <c>Models:Directory</c>.</param>
    /// <param name="detector">Its name; default: the one in use there, which is the shipped one where the folder has no manifest.</param>
    public FaceFinder(string models, string? detector = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new($"{ModelsOptions.SectionName}:{nameof(ModelsOptions.Directory)}", models),
            new($"{ModelsOptions.SectionName}:{nameof(ModelsOptions.Detector)}", detector),
        ]);
        builder.AddVision();
        _host = builder.Build();
        try
        {
            _analyzer = _host.Services.GetRequiredService<FaceAnalyzer>();
            Fingerprint = _host.Services.GetRequiredService<ModelCatalog>().Detector.Sha256;
        }
        catch (ModelException e)
        {
            _host.Dispose();
            throw new TrainerException($"No detector can be used from {models}: {e.Message}", e);
        }
    }

    /// <summary>Changes with the detector's file.</summary>
    public string Fingerprint { get; }

    /// <summary>Pixels for <see cref="PixelCache"/>; null where the photo cannot be read or shows no face. Safe for concurrent use.</summary>
    public byte[]? Find(byte[] photo)
    {
        try
        {
            // Called from the cache's own threads, one photo each, that have nothing else to do meanwhile.
            var analysis = _analyzer.AnalyzeAsync(photo, QualityGate.None, maxFaces: 1, CancellationToken.None).GetAwaiter().GetResult();
            return analysis.Faces is [var face, ..] ? CropPixels.Border(face.Crop) : null;
        }
        catch (FailureException)
        {
            return null;
        }
    }

    /// <summary>All faces of a photo; none where it cannot be read. Safe for concurrent use.</summary>
    public IReadOnlyList<FoundFace> FindAll(byte[] photo)
    {
        const int most = 32;
        try
        {
            var analysis = _analyzer.AnalyzeAsync(photo, QualityGate.Enrolment, most, CancellationToken.None).GetAwaiter().GetResult();
            return [.. analysis.Faces.Select(face => new FoundFace((face.Box.X + (face.Box.Width / 2)) / analysis.Width, face.Quality.Reasons.Count == 0, face.Crop))];
        }
        catch (FailureException)
        {
            return [];
        }
    }

    public void Dispose() => _host.Dispose();
}
