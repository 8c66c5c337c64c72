namespace FaceCloud.Inference.Models;

/// <summary>A file that is to become one of the user's models.</summary>
public sealed record ModelAddition
{
    /// <summary>Path of the file.</summary>
    public required string Source { get; init; }

    /// <summary>The file is ours to move; else it is copied.</summary>
    public bool Move { get; init; }

    public required ModelProfile Profile { get; init; }

    /// <summary>Null: that of the known model of this checksum, else <see cref="Suggested"/>.</summary>
    public string? Name { get; init; }

    /// <summary>A file's name, from which a model's name can be made.</summary>
    public required string Suggested { get; init; }

    /// <summary>Null: what is known of it.</summary>
    public string? Licence { get; init; }

    /// <summary>Where the file comes from, for people.</summary>
    public required string Origin { get; init; }

    /// <summary>It becomes the one in use.</summary>
    public bool Use { get; init; }
}
