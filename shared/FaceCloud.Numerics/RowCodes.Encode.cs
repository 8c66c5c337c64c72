using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FaceCloud.Numerics;

public static partial class RowCodes
{
    private const float Smallest = 1e-12f;
    private const float Largest = 1e12f;

    /// <summary>c_i = round(x_i * 127 / max|x|), and how far that is from x.</summary>
    /// <param name="x">Any values.</param>
    /// <param name="codes">As long as x; filled with -127 to 127.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static RowCode Encode(ReadOnlySpan<float> x, Span<sbyte> codes)
    {
        if (x.Length != codes.Length)
        {
            throw new ArgumentException($"{x.Length} values need as many codes, not {codes.Length}.", nameof(codes));
        }

        var largest = LargestMagnitude(x);
        if (largest is not (>= Smallest and <= Largest))
        {
            codes.Clear();
            return new RowCode(0, float.PositiveInfinity, 0);
        }

        var scale = largest / 127;
        var (squares, squaredErrors) = Fill(x, codes, scale, 127 / largest);
        var error = Math.Sqrt(squaredErrors);
        return new RowCode(scale, RoundedUp(error), RoundedUp(Math.Sqrt(squares) + error));
    }

    // Sums of the squares of x and of x - scale * c. In double, where scale * c and the difference are exact; only the
    // sums are rounded, which RoundedUp makes good.
    private static (double Squares, double SquaredErrors) Fill(ReadOnlySpan<float> x, Span<sbyte> codes, float scale, float inverse)
    {
        var (squares, errors) = (Vector<double>.Zero, Vector<double>.Zero);
        var exactScale = new Vector<double>(scale);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
        var narrow = MemoryMarshal.Cast<sbyte, Vector<sbyte>>(codes);
        var done = 0;
        for (var i = 0; i < narrow.Length; i++)
        {
            var low = Vector.Narrow(Code(vectors[4 * i]), Code(vectors[(4 * i) + 1]));
            var high = Vector.Narrow(Code(vectors[(4 * i) + 2]), Code(vectors[(4 * i) + 3]));
            narrow[i] = Vector.Narrow(low, high);
            done += Vector<sbyte>.Count;
        }

        var (squaresLeft, errorsLeft) = (0d, 0d);
        for (; done < x.Length; done++)
        {
            var code = MathF.Round(x[done] * inverse);
            codes[done] = (sbyte)code;
            squaresLeft += (double)x[done] * x[done];
            var error = x[done] - ((double)scale * code);
            errorsLeft += error * error;
        }

        return (Vector.Sum(squares) + squaresLeft, Vector.Sum(errors) + errorsLeft);

        Vector<int> Code(Vector<float> values)
        {
            var code = Vector.Round(values * inverse);
            Add(Vector.WidenLower(values), Vector.WidenLower(code));
            Add(Vector.WidenUpper(values), Vector.WidenUpper(code));
            return Vector.ConvertToInt32(code);
        }

        void Add(Vector<double> values, Vector<double> code)
        {
            squares += values * values;
            var error = values - (exactScale * code);
            errors += error * error;
        }
    }

    private static float LargestMagnitude(ReadOnlySpan<float> x) => x.IsEmpty ? 0 : MathF.Abs(TensorPrimitives.MaxMagnitude(x));

    // A double sum of n squares is off by n * 2^-53 of itself at most, far less than this for any length in use.
    private static float RoundedUp(double value) => MathF.BitIncrement((float)(value * (1 + 1e-9)));
}
