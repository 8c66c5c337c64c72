using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.Testing;
using FaceCloud.Vision.Decoding;
using FaceCloud.Vision.Detection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaceCloud.Vision.Tests;

/// <summary>Analyzers with the drawn models, or with the real ones of SharedData.</summary>
internal static class Analyzers
{
    private static readonly Lazy<FaceAnalyzer> LazyDrawn = new(() => Create(TestModels.Shared.Catalog, new VisionOptions()));
    private static readonly Lazy<FaceAnalyzer> LazyReal = new(() => Create(RealModels(), new VisionOptions()));

    public static FaceAnalyzer Drawn => LazyDrawn.Value;

    public static FaceAnalyzer Real
    {
        get
        {
            SharedData.SkipUnlessPresent();
            return LazyReal.Value;
        }
    }

    // Those that the golden values were made with, whichever are shipped.
    public static ModelCatalog RealModels() => new(new ModelsOptions
    {
        Directory = SharedData.Models,
        Manifest = SharedData.Manifest,
        Detector = "yunet-n",
        Encoder = "mobilefacenet-112x96",
    });

    public static FaceAnalyzer Create(ModelCatalog models, VisionOptions options)
    {
        var wrapped = Options.Create(options);
        return new FaceAnalyzer(new PhotoDecoder(wrapped), Detector(models, wrapped), wrapped, TimeProvider.System);
    }

    public static FaceDetector Detector(ModelCatalog models, IOptions<VisionOptions> options) =>
        new(new SessionPool(models.Detector, new InferenceOptions(), NullLoggerFactory.Instance), options);
}
