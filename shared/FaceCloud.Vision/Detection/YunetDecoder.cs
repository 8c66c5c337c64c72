using FaceCloud.Inference.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Vision.Detection;

/// <summary>YuNet: cls, obj, bbox and kps of each stride, by name.</summary>
internal sealed class YunetDecoder : IFaceDecoder
{
    private const int PerStride = 4;

    private static readonly string[] Names = [.. DetectorLayout.YunetNames];

    public IReadOnlyCollection<string> OutputNames(InferenceSession session) => Names;

    public void Decode(IReadOnlyList<OrtValue> outputs, in DetectorGeometry geometry, float threshold, List<DetectedFace> faces)
    {
        foreach (var (index, stride) in DetectorLayout.Strides.Index())
        {
            Anchors.Read(
                stride,
                geometry.PaddedWidth / stride,
                outputs[index * PerStride].GetTensorDataAsSpan<float>(),
                outputs[(index * PerStride) + 1].GetTensorDataAsSpan<float>(),
                outputs[(index * PerStride) + 2].GetTensorDataAsSpan<float>(),
                outputs[(index * PerStride) + 3].GetTensorDataAsSpan<float>(),
                threshold,
                faces);
        }
    }
}
