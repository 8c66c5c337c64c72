namespace FaceCloud.Ingestion.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("facecloud-ingestion-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
