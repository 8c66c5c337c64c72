using FaceCloud.Gallery.Decisions;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

internal static class ThresholdMapping
{
    public static V1.Threshold ToProto(Threshold threshold) => new()
    {
        Value = threshold.Value,
        Source = (V1.ThresholdSource)threshold.Source,
        FalseAcceptRate = threshold.FalseAcceptRate,
        FalsePositiveRate = threshold.FalsePositiveRate,
        GallerySize = threshold.GallerySize,
        Extrapolated = threshold.Extrapolated,
        CalibrationVersion = threshold.CalibrationVersion,
        Comparisons = threshold.Comparisons,
    };
}
