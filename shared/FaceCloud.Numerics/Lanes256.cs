using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceCloud.Numerics;

/// <summary>Eight rows of a group at a time.</summary>
internal static class Lanes256
{
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Eight pairs of codes, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Load(ref sbyte codes, nuint offset) => Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref codes, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sums, Vector256<short> codes, Vector256<short> query) =>
        AvxVnni.IsSupported ? AvxVnni.MultiplyWideningAndAdd(sums, codes, query) : sums + Avx2.MultiplyAddAdjacent(codes, query);
}
