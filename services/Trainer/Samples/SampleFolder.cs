namespace FaceCloud.Trainer.Samples;

/// <summary>Pictures and manifest on disk.</summary>
public static class SampleFolder
{
    /// <summary>Writes one picture.</summary>
    public static void Write(string folder, SamplePhoto photo)
    {
        var path = Path.Combine(folder, photo.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, photo.Jpeg);
    }

    /// <summary>Writes the manifest; comes last: a folder with a manifest is whole.</summary>
    public static void Finish(string folder, IReadOnlyList<SamplePhoto> photos) =>
        File.WriteAllText(Path.Combine(folder, SampleManifest.FileName), SampleManifest.Write(photos));
}
