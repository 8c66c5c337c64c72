using System.Numerics.Tensors;
using FaceCloud.Inference.Models;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Vision.Detection;

/// <summary>The detector's input as its manifest entry wants it: channel order, and (value - mean) / std, which the black around the picture gets too.</summary>
internal sealed class DetectorPixels(ModelDescription model)
{
    private readonly bool _turn = model.ChannelOrder == ChannelOrder.Rgb;
    private readonly bool _asTheyAre = model.Mean.All(mean => mean == 0) && model.Std.All(std => std == 1);

    /// <inheritdoc cref="DetectorInput.Fill"/>
    public void Fill(in RgbImage image, in DetectorGeometry geometry, Span<float> input)
    {
        DetectorInput.Fill(image, geometry, input);
        if (_turn)
        {
            Exchange(input[..geometry.Plane], input.Slice(2 * geometry.Plane, geometry.Plane));
        }

        for (var plane = 0; plane < RgbImage.Channels && !_asTheyAre; plane++)
        {
            var values = input.Slice(plane * geometry.Plane, geometry.Plane);
            TensorPrimitives.Subtract(values, model.Mean[plane], values);
            TensorPrimitives.Divide(values, model.Std[plane], values);
        }
    }

    private static void Exchange(Span<float> left, Span<float> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            (left[i], right[i]) = (right[i], left[i]);
        }
    }
}
