using FaceCloud.Numerics;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>An embedding with its codes, made before the writer's lock is taken.</summary>
internal readonly ref struct EncodedVector
{
    public EncodedVector(ReadOnlySpan<float> values, Span<sbyte> codes)
    {
        Values = values;
        Code = RowCodes.Encode(values, codes);
        Codes = codes;
    }

    public ReadOnlySpan<float> Values { get; }

    public ReadOnlySpan<sbyte> Codes { get; }

    public RowCode Code { get; }
}
