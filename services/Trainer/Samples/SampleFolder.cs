using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Samples;

/// <summary>Pictures and manifest on disk, and how far the search for them is.</summary>
public sealed class SampleFolder
{
    private readonly string _path;

    private SampleFolder(string path, SampleProgress progress) => (_path, Progress) = (path, progress);

    /// <summary>Candidates decided on.</summary>
    public SampleProgress Progress { get; }

    /// <summary>Begins, or goes on with what an interrupted search left.</summary>
    /// <param name="path">Of the folder.</param>
    /// <param name="settings">Everything that the pictures depend on.</param>
    /// <exception cref="TrainerException">The folder is finished, or its search had other settings.</exception>
    public static SampleFolder Open(string path, string settings)
    {
        ThrowIfFinished(path);
        return new SampleFolder(path, SampleProgress.Open(path, settings));
    }

    /// <exception cref="TrainerException">The folder is finished.</exception>
    public static void ThrowIfFinished(string path)
    {
        if (File.Exists(Path.Combine(path, SampleManifest.FileName)))
        {
            throw new TrainerException($"{path} already holds sample people; name an empty folder, so that no old picture stays among the new.");
        }
    }

    /// <summary>Writes one picture.</summary>
    public void Write(string picture, byte[] jpeg)
    {
        var path = Path.Combine(_path, picture);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, jpeg);
    }

    /// <summary>The bytes of one picture.</summary>
    /// <exception cref="TrainerException">It is not there.</exception>
    public byte[] Read(string picture)
    {
        var path = Path.Combine(_path, picture);
        return File.Exists(path) ? File.ReadAllBytes(path) : throw new TrainerException($"{path} is missing, though {SampleProgress.FileName} says that it was taken; name an empty folder.");
    }

    /// <summary>Writes the manifest; comes last: a folder with a manifest is whole.</summary>
    public void Finish(IReadOnlyList<SamplePhoto> photos)
    {
        File.WriteAllText(Path.Combine(_path, SampleManifest.FileName), SampleManifest.Write(photos));
        Progress.Delete();
    }
}
