namespace FaceCloud.Gallery.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("facecloud-gallery-tests-").FullName;

    public void Dispose()
    {
        // Pooled connections would keep the deleted file open.
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }
}
