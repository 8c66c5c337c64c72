using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Data;

public sealed class PhotoFingerprintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Of_CopiedFolder_IsTheSame()
    {
        Write("here", "a", [1, 2, 3]);
        Write("there", "a", [1, 2, 3]);
        File.SetLastWriteTimeUtc(_folder["there/a"], DateTime.UnixEpoch);

        Assert.Equal(Fingerprint("here"), Fingerprint("there"));
    }

    [Fact]
    public void Of_ChangedContentOfTheSameLength_Differs()
    {
        Write("here", "a", [1, 2, 3]);
        Write("there", "a", [1, 2, 4]);

        Assert.NotEqual(Fingerprint("here"), Fingerprint("there"));
    }

    [Fact]
    public void Of_RenamedPhoto_Differs()
    {
        Write("here", "a", [1, 2, 3]);
        Write("there", "b", [1, 2, 3]);

        Assert.NotEqual(Fingerprint("here"), Fingerprint("there"));
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string folder, string name, byte[] bytes)
    {
        Directory.CreateDirectory(_folder[folder]);
        File.WriteAllBytes(_folder[$"{folder}/{name}"], bytes);
    }

    private string Fingerprint(string folder) => PhotoFingerprint.Of(_folder[folder], Directory.EnumerateFiles(_folder[folder]).Order(StringComparer.Ordinal));
}
