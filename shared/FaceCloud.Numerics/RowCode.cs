namespace FaceCloud.Numerics;

/// <summary>
/// What is known of a row x beside its codes c, so that x = Scale * c + e. All three are rounded up where they are a bound.
/// A row that has no good codes (zero, NaN, values beyond 1e±12) has scale 0 and an infinite error: it reaches every bar.
/// </summary>
/// <param name="Scale">Of one step of a code; max|x_i| / 127.</param>
/// <param name="Error">At least the length of e.</param>
/// <param name="Reach">At least the length of x plus the length of e; 0 when the error is infinite.</param>
public readonly record struct RowCode(float Scale, float Error, float Reach);
