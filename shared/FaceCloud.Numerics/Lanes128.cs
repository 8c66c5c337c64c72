using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FaceCloud.Numerics;

/// <summary>Four rows of a group in a vector, two vectors at a time.</summary>
internal static class Lanes128
{
    public static bool IsSupported => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Eight pairs of codes, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<short> Low, Vector128<short> High) Load(ref sbyte codes, nuint offset) => Vector128.Widen(Vector128.LoadUnsafe(ref codes, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> sums, Vector128<short> codes, Vector128<short> query) =>
        Sse2.IsSupported
            ? sums + Sse2.MultiplyAddAdjacent(codes, query)
            : sums + AdvSimd.Arm64.AddPairwise(
                AdvSimd.MultiplyWideningLower(codes.GetLower(), query.GetLower()), AdvSimd.MultiplyWideningUpper(codes, query));
}
