using FaceCloud.Gallery.Probes;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

internal static class ReasonsMapping
{
    /// <summary>Why a probe gave no answer; NO_FACE when there is none.</summary>
    public static IEnumerable<V1.QualityReason> Of(ProbeFace? face) =>
        face is null ? [V1.QualityReason.NoFace] : face.Reasons.Select(FaceMapping.ToProto);
}
