using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FaceCloud.Trainer.Data;

/// <summary>Names a set of files by path, length and time stamp: cheap, and changes when a file does.</summary>
public static class PhotoFingerprint
{
    public static string Of(IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths)
        {
            var file = new FileInfo(path);
            var line = file.Exists
                ? string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}\n")
                : $"{file.FullName}|absent\n";
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
