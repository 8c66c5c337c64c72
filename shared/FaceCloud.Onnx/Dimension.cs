namespace FaceCloud.Onnx;

/// <summary>One axis of a tensor: a fixed length, or a name for one that is known at run time.</summary>
public readonly record struct Dimension
{
    private Dimension(long? length, string? name) => (Length, Name) = (length, name);

    public long? Length { get; }

    public string? Name { get; }

    public static implicit operator Dimension(long length) => FromLength(length);

    public static implicit operator Dimension(string name) => FromName(name);

    public static Dimension FromLength(long length) => new(length, null);

    public static Dimension FromName(string name) => new(null, name);
}
