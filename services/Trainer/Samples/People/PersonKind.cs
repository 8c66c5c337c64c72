namespace FaceCloud.Trainer.Samples.People;

/// <summary>Persons who look alike.</summary>
/// <param name="Woman">What they look like.</param>
/// <param name="Centre">Their mean.</param>
/// <param name="Neighbours">Their places among the model's persons.</param>
public sealed record PersonKind(bool Woman, float[] Centre, int[] Neighbours);
