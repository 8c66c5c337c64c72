namespace FaceCloud.Trainer.Data;

/// <summary>What became of the photos of a source.</summary>
/// <param name="Photos">Labelled photos to train on.</param>
/// <param name="Persons">Persons after merging.</param>
/// <param name="SinglePhotoPersons">Persons with one photo: they serve as negatives, never as a positive pair.</param>
/// <param name="MergedLabels">Labels that turned out to be a person already there.</param>
/// <param name="Unlabelled">Photos without a label, or with one that is probably wrong.</param>
/// <param name="HeldBack">Training photos of a person who is also in validation, under this or a merged label.</param>
/// <param name="Damaged">Photos that cannot be read or show no face.</param>
public sealed record TrainingSetReport(int Photos, int Persons, int SinglePhotoPersons, int MergedLabels, int Unlabelled, int HeldBack, int Damaged);
