using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FaceCloud.Contracts;
using FaceCloud.Trainer.Augmentation;
using FaceCloud.Vision;
using NetVips;

namespace FaceCloud.Trainer.Detection;

/// <summary>
/// Composes scenes from photos: the square is divided at random, every place is filled with a photo that is scaled, turned, mirrored and
/// changed at random. A photo mostly shows one large face; scenes show one or dozens, from those that are just visible to those that
/// fill the picture. A scene is a pure function of its generator. One instance serves one thread.
/// </summary>
public sealed class SceneComposer
{
    private const int NoiseLength = 1 << 17;

    // A face of which less than this is to be seen is no longer one to be found; one of which less than the second is to be seen is background.
    private const float EnoughToFind = 0.6f;
    private const float TooLittleToNotice = 0.12f;

    private static readonly float[] Noise = MakeNoise();

    private readonly SceneOptions _options;
    private readonly ScenePhoto[] _withFaces;
    private readonly ScenePhoto[] _faceFree;
    private readonly ScenePhoto[] _extra;
    private readonly ScenePhoto[] _turned;
    private readonly ScenePhoto[] _turnedExtra;
    private float[] _scratch = [];

    /// <param name="photos">The photos and labels.</param>
    /// <param name="cache">Their pixels.</param>
    /// <param name="heldOut">Which of them: those held out, or the others.</param>
    /// <param name="options">How scenes are made.</param>
    /// <param name="extra">More photos with faces, of which <see cref="SceneOptions.Extra"/> says how often they are shown.</param>
    public SceneComposer(LabelledPhotos photos, PhotoCache cache, bool heldOut, SceneOptions options, (LabelledPhotos Photos, PhotoCache Cache)? extra = null)
    {
        _options = options;
        var rows = ScenePhoto.Of(photos, cache, heldOut);
        _withFaces = [.. rows.Where(photo => photo.Labels.Faces.Count > 0)];
        _faceFree = [.. rows.Where(photo => photo.Labels.FaceFree)];
        _extra = extra is { } more ? [.. ScenePhoto.Of(more.Photos, more.Cache, heldOut).Where(photo => photo.Labels.Faces.Count > 0)] : [];
        _turned = [.. _withFaces.Where(photo => photo.Labels.Faces.Any(face => face.AppearsTurned))];
        _turnedExtra = [.. _extra.Where(photo => photo.Labels.Faces.Any(face => face.AppearsTurned))];
    }

    /// <summary>Photos that show a face.</summary>
    public int PhotosWithFaces => _withFaces.Length;

    /// <param name="side">Pixels of the square.</param>
    /// <param name="random">The scene's own generator.</param>
    /// <param name="output">side × side × 3 in the order blue, green, red, 0…255; all of it is written.</param>
    /// <param name="faces">Receives the scene's faces.</param>
    public void Compose(int side, SmallRandom random, Span<float> output, List<SceneFace> faces)
    {
        output.Clear();
        var (width, height) = (side, side);
        if (random.Chance(_options.Padding))
        {
            width -= random.Below(32);
            height -= random.Below(32);
        }

        foreach (var place in Divide(width, height, ref random))
        {
            Fill(place, side, ref random, output, faces);
        }

        TensorPrimitives.Min(output, 255f, output);
        TensorPrimitives.Max(output, 0f, output);
    }

    /// <summary>Places that cover the scene; the largest is cut in two until there are enough.</summary>
    private List<Place> Divide(int width, int height, ref SmallRandom random)
    {
        var most = Math.Clamp(width * height / (56 * 56), 1, _options.MostPhotos);
        var count = (int)MathF.Exp(random.Between(0, MathF.Log(most + 0.999f)));
        var places = new List<Place> { new(0, 0, width, height) };
        while (places.Count < count)
        {
            var largest = 0;
            for (var i = 1; i < places.Count; i++)
            {
                largest = places[i].Width * places[i].Height > places[largest].Width * places[largest].Height ? i : largest;
            }

            var place = places[largest];
            var across = place.Width > place.Height;
            var length = across ? place.Width : place.Height;
            if (length < 2 * _options.SmallestPlace)
            {
                break;
            }

            var cut = Math.Clamp((int)(length * random.Between(0.3f, 0.7f)), _options.SmallestPlace, length - _options.SmallestPlace);
            places[largest] = across ? place with { Width = cut } : place with { Height = cut };
            places.Add(across
                ? place with { Left = place.Left + cut, Width = place.Width - cut }
                : place with { Top = place.Top + cut, Height = place.Height - cut });
        }

        return places;
    }

    private void Fill(Place place, int side, ref SmallRandom random, Span<float> output, List<SceneFace> faces)
    {
        var faceFree = random.Chance(_options.FaceFree) && _faceFree.Length > 0;
        var turned = false;
        var row = faceFree ? _faceFree[random.Below(_faceFree.Length)] : Draw(ref random, out turned);
        var sideways = random.Chance(_options.Sideways);
        var placement = Choose(row, turned, place, sideways ? 1 + random.Below(3) : 0, ref random);
        var first = faces.Count;
        if (!sideways)
        {
            AddFaces(row, placement, place, faces);
        }

        Sample(row, placement, place, side, ref random, output);
        for (var i = first; i < faces.Count; i++)
        {
            if (!faces[i].Unsure && random.Chance(_options.Cover))
            {
                Cover(faces[i].Box, place, side, ref random, output);
            }
        }

        Change(place, side, ref random, output);
    }

    /// <summary>A photo with a face. Nothing is drawn where no share is asked for, so that scenes without extra photos stay what they were.</summary>
    private ScenePhoto Draw(ref SmallRandom random, out bool turned)
    {
        var extra = _extra.Length > 0 && _options.Extra > 0 && random.Chance(_options.Extra);
        var narrow = extra ? _turnedExtra : _turned;
        turned = narrow.Length > 0 && _options.Turned > 0 && random.Chance(_options.Turned);
        var photos = turned ? narrow : extra ? _extra : _withFaces;
        return photos[random.Below(photos.Length)];
    }

    /// <summary>How large, where and how turned a photo comes into its place. In pixels of the stored photo.</summary>
    private Placement Choose(ScenePhoto row, bool turned, Place place, int quarters, ref SmallRandom random)
    {
        var photo = row.Labels;
        var (width, height) = row.Size();
        var cover = Math.Max((float)place.Width / width, (float)place.Height / height);
        var angle = random.Chance(_options.Turn) ? (random.Between(-1, 1) + random.Between(-1, 1)) / 2 * _options.Angle * MathF.PI / 180 : 0;
        angle += quarters * MathF.PI / 2;
        var mirrored = random.Chance(_options.Flip);
        var middle = new Vector2(place.Left + (place.Width / 2f), place.Top + (place.Height / 2f));
        if (_options.MostPhotos == 1 && _options.Tight == 0)
        {
            return new Placement(cover, angle, mirrored, new Vector2(width / 2f, height / 2f), middle);
        }

        if (photo.Faces.Count == 0 || (!turned && random.Chance(_options.Anywhere)))
        {
            var free = cover * MathF.Exp(random.Between(-0.3f, 1.2f));
            return new Placement(
                Math.Min(free, _options.Enlarge),
                angle,
                mirrored,
                new Vector2(width * random.Between(0.2f, 0.8f), height * random.Between(0.2f, 0.8f)),
                middle);
        }

        var labelScale = row.Scale;
        var shown = turned ? [.. photo.Faces.Where(face => face.AppearsTurned)] : photo.Faces;
        var box = shown[random.Below(shown.Count)].Box;
        var (faceWidth, faceHeight) = (box.Width * labelScale, box.Height * labelScale);
        var fill = Math.Min(place.Width / faceWidth, place.Height / faceHeight);
        float scale;
        if (random.Chance(_options.Tight))
        {
            // From a little cut off to a margin of a third.
            scale = fill * random.Between(0.62f, 1.08f);
        }
        else
        {
            var (least, greatest) = (0.55f * cover, Math.Max(cover, 1.05f * fill));
            scale = least * MathF.Exp(random.NextFloat() * MathF.Log(greatest / least));
        }

        scale = Math.Min(scale, _options.Enlarge);

        // The face comes anywhere in the place; now and then it is cut off.
        var from = new Vector2((box.X + (box.Width / 2)) * labelScale, (box.Y + (box.Height / 2)) * labelScale);
        var (roomX, roomY) = (Math.Max(0.1f * place.Width, place.Width - (scale * faceWidth)), Math.Max(0.1f * place.Height, place.Height - (scale * faceHeight)));
        var to = middle + new Vector2(roomX * random.Between(-0.5f, 0.5f), roomY * random.Between(-0.5f, 0.5f));
        return new Placement(scale, angle, mirrored, from, to);
    }

    private void AddFaces(ScenePhoto row, in Placement placement, Place place, List<SceneFace> faces)
    {
        var photo = row.Labels;
        var scale = row.Scale;
        foreach (var face in photo.Faces)
        {
            var box = placement.Apply(Scaled(face.Box, scale));
            var landmarks = placement.Apply(Scaled(face.Landmarks, scale));
            var seen = place.Share(box);
            var size = MathF.Sqrt(box.Width * box.Height);
            if (seen < TooLittleToNotice || size < _options.SmallestFace / 2)
            {
                continue;
            }

            var whole = seen >= EnoughToFind && place.Count(landmarks) >= 4;
            faces.Add(whole && size >= _options.SmallestFace ? new SceneFace(box, landmarks, Unsure: false) : new SceneFace(place.Part(box), default, Unsure: true));
        }

        foreach (var unsure in photo.Unsure)
        {
            var box = placement.Apply(Scaled(unsure, scale));
            if (place.Share(box) > 0)
            {
                faces.Add(new SceneFace(place.Part(box), default, Unsure: true));
            }
        }
    }

    private static FaceBox Scaled(in FaceBox box, float scale) => new(box.X * scale, box.Y * scale, box.Width * scale, box.Height * scale);

    private static FaceLandmarks Scaled(in FaceLandmarks p, float scale) =>
        new(p.LeftEye * scale, p.RightEye * scale, p.Nose * scale, p.LeftMouth * scale, p.RightMouth * scale);

    /// <summary>The photo's pixels into its place; where it does not reach, black, a colour, or its own edge drawn out.</summary>
    private void Sample(ScenePhoto row, in Placement placement, Place place, int side, ref SmallRandom random, Span<float> output)
    {
        // As in the product: halved while the reduction is 2 or more, then bilinear.
        var level = placement.Scale < 1 ? (int)MathF.Log2(1 / placement.Scale) : 0;
        if (random.Chance(_options.LowResolution))
        {
            level += 1 + random.Below(2);
        }

        level = Math.Min(level, PhotoCache.Levels - 1);
        while (level > 0 && Math.Min(row.Size(level).Width, row.Size(level).Height) < 8)
        {
            level--;
        }

        var (width, height) = row.Size(level);
        ref var first = ref MemoryMarshal.GetReference(row.Pixels(level));
        var rest = random.NextFloat();
        var drawn = rest < 0.4f;
        var black = rest > 0.7f;
        var (red, green, blue) = black ? (0f, 0f, 0f) : (random.Between(0, 255), random.Between(0, 255), random.Between(0, 255));
        var inverse = 1f / (1 << level);
        var step = (placement.Undo(new Vector2(1, 0)) - placement.Undo(Vector2.Zero)) * inverse;
        for (var y = place.Top; y < place.Top + place.Height; y++)
        {
            // Whole numbers are the centres of the photo's pixels here.
            var at = (placement.Undo(new Vector2(place.Left + 0.5f, y + 0.5f)) * inverse) - new Vector2(0.5f);
            var target = output.Slice(((y * side) + place.Left) * 3, place.Width * 3);
            for (var x = 0; x < target.Length; x += 3, at += step)
            {
                if (!drawn && (at.X < -0.5f || at.Y < -0.5f || at.X >= width - 0.5f || at.Y >= height - 0.5f))
                {
                    (target[x], target[x + 1], target[x + 2]) = (blue, green, red);
                    continue;
                }

                var px = Math.Clamp(at.X, 0, width - 1.001f);
                var py = Math.Clamp(at.Y, 0, height - 1.001f);
                var (ix, iy) = ((int)px, (int)py);
                ref var upper = ref Unsafe.Add(ref first, ((iy * width) + ix) * 3);
                ref var lower = ref Unsafe.Add(ref upper, width * 3);
                var (right, down) = (Vector128.Create(px - ix), Vector128.Create(py - iy));
                var above = Read(ref upper);
                above += right * (Read(ref Unsafe.Add(ref upper, 3)) - above);
                var below = Read(ref lower);
                below += right * (Read(ref Unsafe.Add(ref lower, 3)) - below);
                above += down * (below - above);
                (target[x], target[x + 1], target[x + 2]) = (above[2], above[1], above[0]);
            }
        }
    }

    /// <summary>Red, green, blue and the byte after them; the cache keeps readable bytes after its last pixel.</summary>
    private static Vector128<float> Read(ref byte pixel) => Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(
        Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref pixel)).AsByte())).AsInt32());

    /// <summary>A plain rectangle over part of a face, as hands, masks and microphones are.</summary>
    private static void Cover(in FaceBox box, Place place, int side, ref SmallRandom random, Span<float> output)
    {
        var (width, height) = (box.Width * random.Between(0.15f, 0.5f), box.Height * random.Between(0.15f, 0.4f));
        var left = (int)Math.Clamp(box.X + ((box.Width - width) * random.NextFloat()), place.Left, place.Left + place.Width - 1);
        var top = (int)Math.Clamp(box.Y + ((box.Height - height) * random.NextFloat()), place.Top, place.Top + place.Height - 1);
        var right = (int)Math.Clamp(left + width, left, place.Left + place.Width);
        var bottom = (int)Math.Clamp(top + height, top, place.Top + place.Height);
        var (red, green, blue) = (random.Between(0, 255), random.Between(0, 255), random.Between(0, 255));
        for (var y = top; y < bottom; y++)
        {
            var row = output.Slice(((y * side) + left) * 3, (right - left) * 3);
            for (var x = 0; x < row.Length; x += 3)
            {
                (row[x], row[x + 1], row[x + 2]) = (blue, green, red);
            }
        }
    }

    /// <summary>Light, colour, blur, noise and compression of one place.</summary>
    private void Change(Place place, int side, ref SmallRandom random, Span<float> output)
    {
        var grey = random.Chance(_options.Grey);
        var contrast = (1 + random.Between(-_options.Contrast, _options.Contrast)) * (random.Chance(_options.Dark) ? random.Between(0.12f, 0.5f) : 1);
        var shift = random.Between(-_options.Brightness, _options.Brightness) * 255 * Math.Min(1, contrast);
        var blurred = random.Chance(_options.Blur) ? 1 + random.Below(2) : 0;
        var noise = random.Chance(_options.Noise) ? random.Between(2, 14) : 0;
        if (contrast >= 0.6f)
        {
            shift += 127.5f * (1 - contrast);
        }

        var length = place.Width * 3;
        Span<float> tint = [0, 0, 0];
        for (var c = 0; c < 3; c++)
        {
            tint[c] = contrast * (1 + (grey ? 0 : random.Between(-_options.Tint, _options.Tint)));
        }

        // One row of factors, repeated: blue, green, red, blue, …
        Span<float> factors = length <= 2048 ? stackalloc float[length] : new float[length];
        for (var i = 0; i < length; i++)
        {
            factors[i] = tint[i % 3];
        }

        var noiseStart = random.Below(NoiseLength / 2);
        var plain = !grey && noise == 0 && shift == 0 && tint[0] == 1 && tint[1] == 1 && tint[2] == 1;
        for (var y = place.Top; y < place.Top + place.Height && !plain; y++)
        {
            var row = output.Slice(((y * side) + place.Left) * 3, length);
            if (grey)
            {
                for (var i = 0; i < row.Length; i += 3)
                {
                    var luma = (0.114f * row[i]) + (0.587f * row[i + 1]) + (0.299f * row[i + 2]);
                    row[i] = row[i + 1] = row[i + 2] = luma;
                }
            }

            TensorPrimitives.MultiplyAdd(row, factors, shift, row);

            if (noise > 0)
            {
                var start = (noiseStart + (y * 7919)) % (NoiseLength - length);
                TensorPrimitives.MultiplyAdd(Noise.AsSpan(start, length), noise, row, row);
            }
        }

        for (var i = 0; i < blurred; i++)
        {
            Blur(place, side, output);
        }

        if (blurred == 0 && random.Chance(_options.Sharpen))
        {
            Sharpen(place, side, random.Between(0.3f, 1.2f), output);
        }

        if (random.Chance(_options.Jpeg))
        {
            Compress(place, side, 12 + random.Below(45), output);
        }
    }

    /// <summary>Binomial 3×3 (1 2 1); the place's edge stays as it is across.</summary>
    private void Blur(Place place, int side, Span<float> output)
    {
        var length = place.Width * 3;
        if (_scratch.Length < length * place.Height)
        {
            _scratch = new float[length * place.Height];
        }

        for (var y = 0; y < place.Height; y++)
        {
            var row = output.Slice((((place.Top + y) * side) + place.Left) * 3, length);
            var target = _scratch.AsSpan(y * length, length);
            row.CopyTo(target);
            var middle = target[3..^3];
            TensorPrimitives.Add(row[..^6], row[6..], middle);
            TensorPrimitives.MultiplyAdd(row[3..^3], 2f, middle, middle);
            TensorPrimitives.Multiply(middle, 0.25f, middle);
        }

        for (var y = 1; y < place.Height - 1; y++)
        {
            var target = output.Slice((((place.Top + y) * side) + place.Left) * 3, length);
            TensorPrimitives.Add(_scratch.AsSpan((y - 1) * length, length), _scratch.AsSpan((y + 1) * length, length), target);
            TensorPrimitives.MultiplyAdd(_scratch.AsSpan(y * length, length), 2f, target, target);
            TensorPrimitives.Multiply(target, 0.25f, target);
        }
    }

    /// <summary>Adds to each pixel what sets it apart from the mean of its four neighbours.</summary>
    private void Sharpen(Place place, int side, float strength, Span<float> output)
    {
        var length = place.Width * 3;
        if (_scratch.Length < length * place.Height)
        {
            _scratch = new float[length * place.Height];
        }

        for (var y = 0; y < place.Height; y++)
        {
            output.Slice((((place.Top + y) * side) + place.Left) * 3, length).CopyTo(_scratch.AsSpan(y * length, length));
        }

        Span<float> mean = length <= 2048 ? stackalloc float[length - 6] : new float[length - 6];
        for (var y = 1; y < place.Height - 1; y++)
        {
            var row = _scratch.AsSpan(y * length, length);
            var target = output.Slice((((place.Top + y) * side) + place.Left) * 3, length)[3..^3];
            TensorPrimitives.Add(row[..^6], row[6..], mean);
            TensorPrimitives.Add(mean, _scratch.AsSpan(((y - 1) * length) + 3, length - 6), mean);
            TensorPrimitives.Add(mean, _scratch.AsSpan(((y + 1) * length) + 3, length - 6), mean);
            TensorPrimitives.Multiply(mean, -strength / 4, mean);
            TensorPrimitives.MultiplyAdd(target, 1 + strength, mean, target);
        }
    }

    /// <summary>Through a real JPEG and back.</summary>
    private static void Compress(Place place, int side, int quality, Span<float> output)
    {
        var length = place.Width * 3;
        var bytes = new byte[length * place.Height];
        for (var y = 0; y < place.Height; y++)
        {
            TensorPrimitives.ConvertSaturating(output.Slice((((place.Top + y) * side) + place.Left) * 3, length), bytes.AsSpan(y * length, length));
        }

        // The order of colours matters little to the artefacts, so blue stays first.
        using var raw = Image.NewFromMemory(bytes, place.Width, place.Height, 3, Enums.BandFormat.Uchar);
        using var image = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        using var decoded = Image.JpegloadBuffer(image.JpegsaveBuffer(q: quality));
        var pixels = decoded.WriteToMemory<byte>();
        for (var y = 0; y < place.Height; y++)
        {
            TensorPrimitives.ConvertChecked<byte, float>(pixels.AsSpan(y * length, length), output.Slice((((place.Top + y) * side) + place.Left) * 3, length));
        }
    }

    /// <summary>Noise of mean 0 and deviation 1, made once; a row takes a random stretch of it.</summary>
    private static float[] MakeNoise()
    {
        var random = new SmallRandom(1, 0, 0);
        var noise = new float[NoiseLength];
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = MathF.Sqrt(-2 * MathF.Log(1 - random.NextFloat())) * MathF.Cos(2 * MathF.PI * random.NextFloat());
        }

        return noise;
    }

    /// <summary>A rectangle of the scene.</summary>
    private readonly record struct Place(int Left, int Top, int Width, int Height)
    {
        /// <summary>Share of a box that lies in the place.</summary>
        public float Share(in FaceBox box)
        {
            var width = Math.Min(box.X + box.Width, Left + Width) - Math.Max(box.X, Left);
            var height = Math.Min(box.Y + box.Height, Top + Height) - Math.Max(box.Y, Top);
            return width <= 0 || height <= 0 ? 0 : width * height / (box.Width * box.Height);
        }

        /// <summary>The part of a box that lies in the place.</summary>
        public FaceBox Part(in FaceBox box)
        {
            var (left, top) = (Math.Max(box.X, Left), Math.Max(box.Y, Top));
            return new FaceBox(left, top, Math.Min(box.X + box.Width, Left + Width) - left, Math.Min(box.Y + box.Height, Top + Height) - top);
        }

        public int Count(in FaceLandmarks points) =>
            (Holds(points.LeftEye) ? 1 : 0) + (Holds(points.RightEye) ? 1 : 0) + (Holds(points.Nose) ? 1 : 0)
            + (Holds(points.LeftMouth) ? 1 : 0) + (Holds(points.RightMouth) ? 1 : 0);

        private bool Holds(Vector2 point) => point.X >= Left && point.X < Left + Width && point.Y >= Top && point.Y < Top + Height;
    }
}
