namespace FaceCloud.Trainer.Samples;

/// <summary>Pictures and manifest on disk.</summary>
public static class SampleFolder
{
    public static void Write(string folder, IReadOnlyList<SamplePhoto> photos)
    {
        foreach (var photo in photos)
        {
            var path = Path.Combine(folder, photo.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, photo.Jpeg);
        }

        // Last: a folder with a manifest is whole.
        File.WriteAllText(Path.Combine(folder, SampleManifest.FileName), SampleManifest.Write(photos));
    }
}
