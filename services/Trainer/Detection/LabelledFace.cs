using FaceCloud.Contracts;
using FaceCloud.Vision;

namespace FaceCloud.Trainer.Detection;

/// <summary>A face that a detector should find, in pixels of its picture.</summary>
public readonly record struct LabelledFace(FaceBox Box, FaceLandmarks Landmarks);
