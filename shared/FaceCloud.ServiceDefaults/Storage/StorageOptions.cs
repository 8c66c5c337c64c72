using System.ComponentModel.DataAnnotations;

namespace FaceCloud.ServiceDefaults.Storage;

/// <summary>Where a service keeps its data when no PostgreSQL connection string is given.</summary>
public sealed class StorageOptions
{
    public const string SectionName = "Storage";

    /// <summary>Folder of the SQLite files and photos awaiting processing; default: facecloud-data in the working folder.</summary>
    [Required]
    public string Directory { get; set; } = "facecloud-data";
}
