using FaceCloud.Contracts.Failures;
using FaceCloud.Vision.Decoding;
using Microsoft.Extensions.Options;
using NetVips;

namespace FaceCloud.Vision.Tests.Decoding;

public sealed class PhotoDecoderTests
{
    // A picture whose four corners differ, so that every turn and mirror shows: red, green / blue, white.
    private const int Width = 48;
    private const int Height = 32;

    private readonly PhotoDecoder _decoder = new(Options.Create(new VisionOptions()));

    [Theory]
    [InlineData(".jpg[Q=95]")]
    [InlineData(".png")]
    [InlineData(".webp[lossless=true]")]
    [InlineData(".tif")]
    [InlineData(".tif[compression=jpeg,Q=95]")]
    public void Decode_AcceptedFormat_RightColours(string format)
    {
        using var corners = Corners();

        using var photo = _decoder.Decode(corners.WriteToBuffer(format));

        AssertCorners(photo, "RGBW");
    }

    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public void Decode_ExifOrientation_IsUpright(int orientation, string expected)
    {
        using var corners = Corners();
        using var marked = corners.Mutate(image => image.Set(GValue.GIntType, "orientation", orientation));

        using var photo = _decoder.Decode(marked.WriteToBuffer(".jpg[Q=95]"));

        Assert.Equal(orientation < 5 ? (Width, Height) : (Height, Width), (photo.Width, photo.Height));
        AssertCorners(photo, expected);
    }

    [Fact]
    public void Decode_SixteenBits_RightColours()
    {
        using var corners = Corners();
        using var wide = corners.Colourspace(Enums.Interpretation.Rgb16);
        Assert.Equal(Enums.BandFormat.Ushort, wide.Format);

        using var photo = _decoder.Decode(wide.WriteToBuffer(".png"));

        AssertCorners(photo, "RGBW");
    }

    [Fact]
    public void Decode_SixteenBitsWithAlpha_TransparentBecomesMidGrey()
    {
        using var corners = Corners();
        using var wide = corners.Colourspace(Enums.Interpretation.Rgb16);
        using var clear = Image.Black(Width, Height).Cast(Enums.BandFormat.Ushort);
        using var transparent = wide.Bandjoin(clear);

        using var photo = _decoder.Decode(transparent.WriteToBuffer(".png"));

        Assert.All(photo.Image.Pixels.ToArray(), value => Assert.InRange(value, 127, 129));
    }

    [Fact]
    public void Decode_Greyscale_ThreeEqualChannels()
    {
        using var corners = Corners();
        using var grey = corners.Colourspace(Enums.Interpretation.Bw);

        using var photo = _decoder.Decode(grey.WriteToBuffer(".jpg[Q=95]"));

        var pixels = photo.Image.Pixels.Span;
        Assert.Equal(Width * Height * 3, pixels.Length);
        Assert.Equal((pixels[0], pixels[0]), (pixels[1], pixels[2]));
        Assert.InRange(pixels[^1], 250, 255);
    }

    [Fact]
    public void Decode_PaletteWithAlpha_TransparentBecomesMidGrey()
    {
        using var corners = Corners();
        using var left = Image.Black(Width / 2, Height);
        using var right = left.Linear([1.0], [255.0], uchar: true);
        using var alpha = right.Join(left, Enums.Direction.Horizontal);
        using var cut = corners.Bandjoin(alpha);

        using var photo = _decoder.Decode(cut.WriteToBuffer(".png[palette=true]"));

        Assert.Equal('R', ColourAt(photo, 4, 4));
        Assert.Equal((128, 128, 128), PixelAt(photo, Width - 4, 4));
    }

    [Fact]
    public void Decode_OneBitPng_BlackAndWhite()
    {
        using var white = Image.Black(Width, Height).Linear([1.0], [255.0], uchar: true);

        using var photo = _decoder.Decode(white.WriteToBuffer(".png[bitdepth=1]"));

        Assert.Equal('W', ColourAt(photo, 4, 4));
    }

    [Fact]
    public void Decode_CmykWithoutProfile_RightColours()
    {
        // Plain inks: 255 minus light, no black.
        using var corners = Corners();
        using var inks = corners.Linear([-1.0], [255.0], uchar: true);
        using var black = Image.Black(Width, Height);
        using var joined = inks.Bandjoin(black);
        using var cmyk = joined.Copy(interpretation: Enums.Interpretation.Cmyk);

        using var photo = _decoder.Decode(cmyk.WriteToBuffer(".jpg[Q=98,keep=none]"));

        AssertCorners(photo, "RGBW");
    }

    [Fact]
    public void Decode_CmykWithProfile_RightColours()
    {
        // A skin tone, which inks can show; pure screen colours they cannot.
        using var plain = Image.Black(Width, Height, bands: 3).Linear([1.0, 1.0, 1.0], [205.0, 155.0, 125.0], uchar: true);
        using var skin = plain.Copy(interpretation: Enums.Interpretation.Srgb);
        using var cmyk = skin.IccTransform("cmyk", inputProfile: "srgb");
        Assert.True(cmyk.Contains("icc-profile-data"));

        using var photo = _decoder.Decode(cmyk.WriteToBuffer(".jpg[Q=98]"));

        var (red, green, blue) = PixelAt(photo, 9, 9);
        Assert.InRange(red, 190, 220);
        Assert.InRange(green, 140, 170);
        Assert.InRange(blue, 110, 140);
    }

    [Fact]
    public void Decode_AnimatedGif_FirstFrameOnly()
    {
        using var first = Corners();
        using var second = first.Linear([-1.0], [255.0], uchar: true);
        using var strip = first.Join(second, Enums.Direction.Vertical);
        using var animated = strip.Mutate(image => image.Set(GValue.GIntType, "page-height", Height));

        using var photo = _decoder.Decode(animated.WriteToBuffer(".gif"));

        Assert.Equal((Width, Height), (photo.Width, photo.Height));
        AssertCorners(photo, "RGBW");
    }

    [Theory]
    [InlineData(".jpg[Q=90]")]
    [InlineData(".png")]
    [InlineData(".webp[Q=90]")]
    public void Decode_LargePhoto_IsReducedAndKeepsItsSize(string format)
    {
        using var small = Corners();
        using var large = small.Resize(4001.0 / Width, kernel: Enums.Kernel.Nearest);

        using var photo = _decoder.Decode(large.WriteToBuffer(format));

        Assert.Equal((large.Width, large.Height), (photo.Width, photo.Height));
        Assert.InRange(photo.Image.Width, 2000, 2001);
        Assert.Equal(2, photo.ScaleX, 1e-2f);
        AssertCorners(photo, "RGBW");
    }

    [Fact]
    public void Decode_NoBytes_PhotoEmpty()
    {
        AssertRefused(FailureReason.PhotoEmpty, []);
    }

    [Fact]
    public void Decode_MoreBytesThanAllowed_PhotoTooLarge()
    {
        using var corners = Corners();
        var bytes = corners.WriteToBuffer(".png");
        var decoder = new PhotoDecoder(Options.Create(new VisionOptions { MaxPhotoBytes = bytes.Length - 1 }));

        var failure = Assert.Throws<FailureException>(() => decoder.Decode(bytes).Dispose());

        Assert.Equal(FailureReason.PhotoTooLarge, failure.Reason);
    }

    [Theory]
    [InlineData(Width * Height, true)]
    [InlineData((Width * Height) - 1, false)]
    public void Decode_PixelLimit_IsInclusive(long limit, bool accepted)
    {
        using var corners = Corners();
        var bytes = corners.WriteToBuffer(".jpg");
        var decoder = new PhotoDecoder(Options.Create(new VisionOptions { MaxPixels = limit }));

        var failure = Record.Exception(() => decoder.Decode(bytes).Dispose());

        Assert.Equal(accepted, failure is null);
        Assert.True(accepted || failure is FailureException { Reason: FailureReason.PhotoTooManyPixels });
    }

    [Fact]
    public void Decode_BombHeader_IsRefusedBeforeItsPixelsAreRead()
    {
        // The header promises 400 million pixels; what follows is no image data at all, and would be "damaged" if it were read.
        using var corners = Corners();
        var bytes = corners.WriteToBuffer(".png");
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), 20_000);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), 20_000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Crc32(bytes.AsSpan(12, 17)));

        AssertRefused(FailureReason.PhotoTooManyPixels, bytes);
    }

    [Theory]
    [InlineData(".jpg[Q=95]")]
    [InlineData(".jpg[Q=95,interlace=true]")]
    [InlineData(".png")]
    [InlineData(".webp")]
    [InlineData(".gif")]
    [InlineData(".tif")]
    public void Decode_CutOff_PhotoDamaged(string format)
    {
        using var noise = Image.Gaussnoise(200, 200, mean: 128, sigma: 60).Cast(Enums.BandFormat.Uchar);
        using var rgb = noise.Bandjoin(noise, noise).Copy(interpretation: Enums.Interpretation.Srgb);
        var bytes = rgb.WriteToBuffer(format);

        AssertRefused(FailureReason.PhotoDamaged, bytes.AsSpan(0, bytes.Length * 7 / 10).ToArray());
    }

    [Theory]
    [InlineData("just words, no picture")]
    [InlineData("<html><body>hello</body></html>")]
    [InlineData("x")]
    public void Decode_Text_PhotoNotAnImage(string text)
    {
        AssertRefused(FailureReason.PhotoNotAnImage, System.Text.Encoding.UTF8.GetBytes(text));
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"></svg>")]
    [InlineData("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("%PDF-1.7 and so on")]
    [InlineData("8BPS and so on")]
    public void Decode_KindNotAccepted_PhotoUnsupported(string content)
    {
        AssertRefused(FailureReason.PhotoUnsupported, System.Text.Encoding.UTF8.GetBytes(content));
    }

    [Fact]
    public void Decode_OtherLoaders_AreBlockedInTheProcess()
    {
        var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"></svg>"u8.ToArray();
        var ppm = "P6 1 1 255 abc"u8.ToArray();

        Assert.Throws<VipsException>(() => Image.NewFromBuffer(svg));
        Assert.Throws<VipsException>(() => Image.NewFromBuffer(ppm));
    }

    [Fact]
    public void Decode_AfterDispose_PixelsAreGone()
    {
        using var corners = Corners();
        var photo = _decoder.Decode(corners.WriteToBuffer(".png"));

        photo.Dispose();
        photo.Dispose();

        Assert.Throws<ObjectDisposedException>(() => photo.Image.Pixels.Span.Length);
    }

    // Of a PNG chunk's type and data (PNG specification, annex D).
    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }

    private static Image Corners()
    {
        var pixels = new byte[Width * Height * 3];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var (red, green, blue) = (x < Width / 2, y < Height / 2) switch
                {
                    (true, true) => (255, 0, 0),
                    (false, true) => (0, 255, 0),
                    (true, false) => (0, 0, 255),
                    _ => (255, 255, 255),
                };
                var at = ((y * Width) + x) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)red, (byte)green, (byte)blue);
            }
        }

        using var image = Image.NewFromMemoryCopy<byte>(pixels, Width, Height, 3, Enums.BandFormat.Uchar);
        return image.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    private static void AssertCorners(DecodedPhoto photo, string expected)
    {
        var (width, height) = (photo.Image.Width, photo.Image.Height);
        char[] found =
        [
            ColourAt(photo, 4, 4),
            ColourAt(photo, width - 5, 4),
            ColourAt(photo, 4, height - 5),
            ColourAt(photo, width - 5, height - 5),
        ];
        Assert.Equal(expected, new string(found));
    }

    private static (int Red, int Green, int Blue) PixelAt(DecodedPhoto photo, int x, int y)
    {
        var pixel = photo.Image.Pixels.Span.Slice(((y * photo.Image.Width) + x) * 3, 3);
        return (pixel[0], pixel[1], pixel[2]);
    }

    private static char ColourAt(DecodedPhoto photo, int x, int y)
    {
        var (red, green, blue) = PixelAt(photo, x, y);
        return (red, green, blue) switch
        {
            ( > 220, > 220, > 220) => 'W',
            _ when red > Math.Max(green, blue) + 40 => 'R',
            _ when green > Math.Max(red, blue) + 40 => 'G',
            _ when blue > Math.Max(red, green) + 40 => 'B',
            _ => '?',
        };
    }

    private void AssertRefused(FailureReason reason, byte[] bytes)
    {
        var failure = Assert.Throws<FailureException>(() => _decoder.Decode(bytes).Dispose());

        Assert.Equal(reason, failure.Reason);
    }
}
