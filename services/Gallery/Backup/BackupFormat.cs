using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceCloud.Gallery.Backup;

/// <summary>Names and numbers of the file format (shared/docs/backup.md).</summary>
internal static class BackupFormat
{
    public const string Name = "facecloud-gallery-backup";

    /// <summary>Raised when an older reader would misunderstand a file; what it may pass over needs no new version.</summary>
    public const int Version = 1;

    public const string Manifest = "manifest.json";
    public const string Gallery = "gallery.json";
    public const string Persons = "persons.jsonl";
    public const string FacesFolder = "faces/";
    public const string FacesSuffix = ".jsonl";
    public const string EmbeddingsSuffix = ".f32";

    /// <summary>Faces of a part: 2 MB of embeddings of 128 values, 8 MB of 512.</summary>
    public const int PartFaces = 4096;

    public const int MaxDimension = 16_384;

    /// <summary>Bytes of one line; a person with all metadata that is allowed has less than half of it.</summary>
    public const int MaxLine = 512 * 1024;

    public const int MaxManifest = 32 * 1024 * 1024;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>faces/000001, faces/000002, …</summary>
    public static string Part(int number) => $"{FacesFolder}{number:000000}";
}
