using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;

namespace FaceCloud.Client;

/// <summary>A face to compare or look for: a photo, or an embedding that was made before.</summary>
public sealed class FaceInput
{
    private FaceInput(ByteString photo) => PhotoBytes = photo;

    private FaceInput(Embedding embedding) => EmbeddingValues = embedding;

    internal ByteString? PhotoBytes { get; }

    internal Embedding? EmbeddingValues { get; }

    /// <summary>A photo in memory: JPEG, PNG, WebP, GIF or TIFF. The bytes are not copied; leave them unchanged until the call is over.</summary>
    public static FaceInput Photo(ReadOnlyMemory<byte> photo) => new(UnsafeByteOperations.UnsafeWrap(photo));

    /// <summary>A photo in a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FaceInput PhotoFile(string path) => Photo(File.ReadAllBytes(path));

    /// <summary>float32[dimension]; need not be unit length.</summary>
    /// <param name="values">As many as the model's dimension.</param>
    /// <param name="embeddingContract">Contract of the model that made it; null: taken as the server's own.</param>
    public static FaceInput Embedding(ReadOnlySpan<float> values, string? embeddingContract = null)
    {
        var embedding = new Embedding { EmbeddingContract = embeddingContract ?? "" };
        embedding.Values.AddRange(values);
        return new FaceInput(embedding);
    }

    internal Probe ToProbe() => PhotoBytes is not null ? new Probe { Photo = PhotoBytes } : new Probe { Embedding = EmbeddingValues };
}
