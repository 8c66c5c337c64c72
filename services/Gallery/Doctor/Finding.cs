namespace FaceCloud.Gallery.Doctor;

/// <param name="Count">Of all, also those not listed.</param>
/// <param name="Listed">The worst of them.</param>
public sealed record Finding<T>(long Count, IReadOnlyList<T> Listed);
