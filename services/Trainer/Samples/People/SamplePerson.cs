using FaceCloud.Trainer.Samples.Drawing;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>A fictional person: everything that stays the same from photo to photo.</summary>
/// <param name="Place">Coefficients of <see cref="Model.FaceModel"/>.</param>
/// <param name="Woman">Whether it is drawn as a woman.</param>
/// <param name="Hair">The hair.</param>
/// <param name="NeckHalfWidth">Half the neck's width, pixels of the crop.</param>
/// <param name="Seed">Of everything drawn for this person.</param>
public sealed record SamplePerson(float[] Place, bool Woman, HairStyle Hair, float NeckHalfWidth, int Seed);
