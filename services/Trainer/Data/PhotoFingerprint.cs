using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FaceCloud.Trainer.Data;

/// <summary>
/// Names a set of files by what is in them, whatever folder they lie in: a run goes on after its photos were copied or checked out again,
/// and does not go on over photos that changed.
/// </summary>
public static class PhotoFingerprint
{
    /// <param name="folder">Names count from here.</param>
    /// <param name="paths">The files, in their order.</param>
    public static string Of(string folder, IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        foreach (var path in paths)
        {
            var name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            if (!File.Exists(path))
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{name}|absent\n"));
                continue;
            }

            using var stream = File.OpenRead(path);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}|{stream.Length}\n")));
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
