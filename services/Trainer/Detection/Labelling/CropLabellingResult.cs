namespace FaceCloud.Trainer.Detection.Labelling;

/// <summary>What came of <see cref="CropLabelling"/>.</summary>
/// <param name="Seen">Crops looked at.</param>
/// <param name="Turned">Written, with a face turned far away.</param>
/// <param name="Others">Written, the rest.</param>
/// <param name="Without">Crops in whose middle the teacher was not sure of a face.</param>
public sealed record CropLabellingResult(int Seen, int Turned, int Others, int Without);
