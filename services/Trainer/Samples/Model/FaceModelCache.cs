using System.Security.Cryptography;
using System.Text;
using FaceCloud.Trainer.Data;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>A model learned once for the same photos and options, then read.</summary>
public static class FaceModelCache
{
    public static FaceModel Open(IFaceSource source, PixelCache pixels, FaceModelOptions options, string folder, Action<string> log, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $"{source.Fingerprint}-{Key(options)}.facemodel");
        if (FaceModel.TryRead(path) is { } known)
        {
            return known;
        }

        log($"learning {path}");
        var model = new FaceModelBuilder(pixels, options, log).Build(TrainingSet.Build(source, pixels.Damaged), cancellationToken);
        model.Write(path);
        return model;
    }

    // Threads change nothing that is learned.
    private static string Key(FaceModelOptions options) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((options with { Threads = 1, Rounds = [] }) + string.Join(';', options.Rounds))))[..12];
}
