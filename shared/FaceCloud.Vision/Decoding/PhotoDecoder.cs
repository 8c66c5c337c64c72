using System.Globalization;
using FaceCloud.Contracts.Failures;
using FaceCloud.Vision.Imaging;
using Microsoft.Extensions.Options;
using NetVips;

namespace FaceCloud.Vision.Decoding;

/// <summary>
/// Untrusted bytes in, upright 8-bit sRGB out. JPEG, PNG, WebP, GIF and TIFF, told apart by content; of
/// several pages or frames the first. Everything that can be refused is refused from the header. A photo that is
/// cut off or corrupt is refused as a whole (<see cref="FailureReason.PhotoDamaged"/>): half a picture gives
/// another answer than the photo that was meant, and the sender can send it again. Safe for concurrent use.
/// </summary>
internal sealed class PhotoDecoder
{
    // Error implies truncated. Mere warnings pass: many cameras write JPEGs that deserve one.
    private const Enums.FailOn Strictness = Enums.FailOn.Error;
    private const string OrientationField = "orientation";
    private const string ProfileField = "icc-profile-data";

    // What shows through transparent parts: mid-grey, which neither brightens nor darkens a face beside it.
    private const double Backdrop = 128;

    private readonly VisionOptions _options;

    public PhotoDecoder(IOptions<VisionOptions> options)
    {
        _options = options.Value;
        VipsRuntime.Initialize();
    }

    /// <exception cref="FailureException">PhotoEmpty, PhotoTooLarge, PhotoTooManyPixels, PhotoNotAnImage, PhotoUnsupported, PhotoDamaged.</exception>
    public DecodedPhoto Decode(ReadOnlySpan<byte> photo)
    {
        if (photo.IsEmpty)
        {
            throw new FailureException(FailureReason.PhotoEmpty, "The photo has no bytes; send the content of an image file.");
        }

        if (photo.Length > _options.MaxPhotoBytes)
        {
            throw new FailureException(FailureReason.PhotoTooLarge, string.Create(
                CultureInfo.InvariantCulture, $"The photo has {photo.Length} bytes; at most {_options.MaxPhotoBytes} are accepted. Send a smaller copy."));
        }

        var format = PhotoSniffer.Sniff(photo);
        if (format == PhotoFormat.NotAnImage)
        {
            throw new FailureException(FailureReason.PhotoNotAnImage, "The content is not an image; send JPEG, PNG, WebP, GIF or TIFF.");
        }

        if (format == PhotoFormat.Unsupported)
        {
            throw new FailureException(FailureReason.PhotoUnsupported, "This kind of image is not accepted; send JPEG, PNG, WebP, GIF or TIFF.");
        }

        try
        {
            using var source = Source.NewFromMemory(photo);
            return Decode(source, format);
        }
        catch (VipsException damaged)
        {
            throw new FailureException(FailureReason.PhotoDamaged, "The image is cut off or corrupt; send the file again.", damaged);
        }
    }

    private DecodedPhoto Decode(Source source, PhotoFormat format)
    {
        using var stages = new Stages();
        var header = stages.Keep(Open(source, format, shrink: 1));
        var (width, height) = (header.Width, header.Height);
        if ((long)width * height > _options.MaxPixels)
        {
            throw new FailureException(FailureReason.PhotoTooManyPixels, string.Create(
                CultureInfo.InvariantCulture, $"The photo has {width} x {height} pixels; at most {_options.MaxPixels} are accepted. Send a smaller copy."));
        }

        var shrink = 1;
        while (shrink < 8 && Math.Max(width, height) / (shrink * 2) >= _options.WorkingSize)
        {
            shrink *= 2;
        }

        var image = header;
        if (shrink > 1)
        {
            // libjpeg reduces while decoding, which is also faster; other formats are averaged row by row as they are read.
            image = format == PhotoFormat.Jpeg
                ? stages.Keep(Open(source, format, shrink))
                : stages.Keep(header.Shrink(shrink, shrink));
        }

        var orientation = header.Contains(OrientationField) ? Convert.ToInt32(header.Get(OrientationField), CultureInfo.InvariantCulture) : 1;
        image = ToRgb(image, stages);
        if (orientation is > 1 and <= 8)
        {
            // Turning needs rows in another order than they are read.
            image = stages.Keep(image.CopyMemory());
            image = stages.Keep(image.Autorot());
        }

        var pointer = image.WriteToMemory(out var size);
        var pixels = new NativePixels(pointer, checked((int)size));
        var turned = orientation is >= 5 and <= 8;
        return new DecodedPhoto(
            turned ? height : width,
            turned ? width : height,
            new RgbImage(image.Width, image.Height, pixels.Memory),
            pixels);
    }

    private static Image Open(Source source, PhotoFormat format, int shrink) => format switch
    {
        PhotoFormat.Jpeg => Image.JpegloadSource(source, shrink: shrink, access: Enums.Access.Sequential, failOn: Strictness),
        PhotoFormat.Png => Image.PngloadSource(source, access: Enums.Access.Sequential, failOn: Strictness),
        PhotoFormat.WebP => Image.WebploadSource(source, page: 0, n: 1, access: Enums.Access.Sequential, failOn: Strictness),
        PhotoFormat.Gif => Image.GifloadSource(source, page: 0, n: 1, access: Enums.Access.Sequential, failOn: Strictness),
        PhotoFormat.Tiff => Image.TiffloadSource(source, page: 0, n: 1, access: Enums.Access.Sequential, failOn: Strictness),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    // Profiles of RGB photos are not applied: face networks have learned from pixels as stored, a wrong profile is as
    // common as a needed one (a golden photo carries ProPhoto by mistake: applied, it moves landmarks by 7 pixels),
    // and the colours of a phone's Display P3 differ too little to matter. Inks mean nothing without one.
    private static Image ToRgb(Image image, Stages stages)
    {
        if (image.HasAlpha())
        {
            var full = image.Format == Enums.BandFormat.Ushort ? 257.0 : 1.0;
            image = stages.Keep(image.Flatten(background: [Backdrop * full]));
        }

        if (image.Interpretation == Enums.Interpretation.Cmyk)
        {
            image = image.Contains(ProfileField)
                ? stages.Keep(image.IccTransform("srgb", embedded: true, inputProfile: "cmyk"))
                : PlainCmykToRgb(image, stages);
        }

        if (image.Interpretation != Enums.Interpretation.Srgb || image.Bands != RgbImage.Channels)
        {
            image = stages.Keep(image.Colourspace(Enums.Interpretation.Srgb));
        }

        return image.Format == Enums.BandFormat.Uchar ? image : stages.Keep(image.Cast(Enums.BandFormat.Uchar));
    }

    // Without a profile nobody knows the inks; light = (1 - ink) * (1 - black), as browsers do, gives back what
    // programs that convert the same plain way have written.
    private static Image PlainCmykToRgb(Image cmyk, Stages stages)
    {
        var inks = stages.Keep(cmyk.ExtractBand(0, n: 3));
        var black = stages.Keep(cmyk.ExtractBand(3));
        var light = stages.Keep(inks.Linear([-1.0], [255.0]));
        var white = stages.Keep(black.Linear([-1.0], [255.0]));
        var product = stages.Keep(light * white);
        var scaled = stages.Keep(product.Linear([1 / 255.0], [0.5], uchar: true));
        return stages.Keep(scaled.Copy(interpretation: Enums.Interpretation.Srgb));
    }

    /// <summary>The steps between file and pixels, released together: each is an object of libvips.</summary>
    private sealed class Stages : IDisposable
    {
        private readonly List<Image> _images = [];

        public Image Keep(Image image)
        {
            _images.Add(image);
            return image;
        }

        public void Dispose()
        {
            for (var i = _images.Count - 1; i >= 0; i--)
            {
                _images[i].Dispose();
            }
        }
    }
}
