namespace FaceCloud.Contracts;

/// <summary>The shape of every aligned crop that travels: RGB, 8 bits a channel, row by row, on the ArcFace 112 x 112 template.</summary>
public static class AlignedCrop
{
    public const int Size = 112;

    public const int Channels = 3;

    /// <summary>37,632 bytes.</summary>
    public const int Bytes = Size * Size * Channels;
}
