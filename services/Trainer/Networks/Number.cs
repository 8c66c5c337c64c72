using TorchSharp;

namespace FaceCloud.Trainer.Networks;

/// <summary>
/// Numbers in tensor arithmetic. TorchSharp makes an object of each and lets the garbage collector free its native half as soon as nothing
/// managed needs it, which may be while the native call still reads it: a wrong number, or "Unknown scalar type". Those made here live longer
/// than any call on their thread; the bare ones are banned (BannedSymbols.txt of this project).
/// </summary>
internal static class Number
{
    // No expression holds nearly so many.
    private const int Kept = 64;

    [ThreadStatic]
    private static Scalar[]? _latest;

    [ThreadStatic]
    private static int _next;

    public static Scalar Of(double value)
    {
        var latest = _latest ??= new Scalar[Kept];
        var number = value.ToScalar();
        latest[_next] = number;
        _next = (_next + 1) % Kept;
        return number;
    }
}
