using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceCloud.Numerics;

/// <summary>Sixteen rows of a group at a time.</summary>
internal static class Lanes512
{
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    /// <summary>Sixteen pairs of codes, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Load(ref sbyte codes, nuint offset) =>
        Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref codes, offset));

    /// <summary>.NET 10 has no instruction of AVX-512 VNNI, which would do this in one step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sums, Vector512<short> codes, Vector512<short> query) =>
        sums + Avx512BW.MultiplyAddAdjacent(codes, query);
}
