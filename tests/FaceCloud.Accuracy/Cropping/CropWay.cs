namespace FaceCloud.Accuracy.Cropping;

/// <summary>What of a photo the encoder gets to see.</summary>
internal enum CropWay
{
    /// <summary>The product's: five landmarks brought to the template.</summary>
    Aligned,

    /// <summary>A square around the detector's box, upright as in the photo.</summary>
    Box,

    /// <summary>The middle square of the whole photo.</summary>
    WholePhoto,
}
