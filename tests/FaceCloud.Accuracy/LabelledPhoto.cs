namespace FaceCloud.Accuracy;

internal sealed record LabelledPhoto(string Person, string File);
