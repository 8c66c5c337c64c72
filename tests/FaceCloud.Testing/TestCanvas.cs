namespace FaceCloud.Testing;

/// <summary>RGB pixels to draw on.</summary>
internal sealed class TestCanvas
{
    private readonly double _light;

    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="background">Chooses one of many backgrounds.</param>
    /// <param name="light">Scales everything but the disc, which the detector needs.</param>
    public TestCanvas(int width, int height, int background, double light = 1)
    {
        (Width, Height, _light) = (width, height, light);
        Pixels = new byte[width * height * 3];
        DrawBackground(background);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>byte[Height, Width, 3].</summary>
    public byte[] Pixels { get; }

    /// <summary>Draws a face with its nose at (x, y), scale pixels for a pixel of the crop.</summary>
    public void DrawFace(int seed, double x, double y, double scale)
    {
        const int samples = 4;
        var tiles = Tiles(seed);
        var reach = ((TestFace.TilesPerRow * TestFace.TileSize) - 25) * scale;
        for (var row = Math.Max(0, (int)(y - reach)); row < Math.Min(Height, y + reach); row++)
        {
            for (var column = Math.Max(0, (int)(x - reach)); column < Math.Min(Width, x + reach); column++)
            {
                var (left, top) = ((column - 0.5 - x) / scale, (row - 0.5 - y) / scale);
                var (right, bottom) = (left + (1 / scale), top + (1 / scale));
                var corner = ColourAt(tiles, left, top);
                var at = ((row * Width) + column) * 3;

                // Most pixels lie inside one tile; only those on an edge are worth many samples.
                if (corner == ColourAt(tiles, right, top) && corner == ColourAt(tiles, left, bottom) && corner == ColourAt(tiles, right, bottom))
                {
                    if (corner is { } whole)
                    {
                        Set(column, row, whole.Red, whole.Green, whole.Blue);
                    }

                    continue;
                }

                var (red, green, blue, covered) = (0.0, 0.0, 0.0, 0);
                for (var sample = 0; sample < samples * samples; sample++)
                {
                    var across = left + (((sample % samples) + 0.5) / samples / scale);
                    var down = top + (((sample / samples) + 0.5) / samples / scale);
                    if (ColourAt(tiles, across, down) is { } colour)
                    {
                        (red, green, blue) = (red + colour.Red, green + colour.Green, blue + colour.Blue);
                        covered++;
                    }
                }

                var rest = (samples * samples) - covered;
                Pixels[at] = Average(red, Pixels[at], rest);
                Pixels[at + 1] = Average(green, Pixels[at + 1], rest);
                Pixels[at + 2] = Average(blue, Pixels[at + 2], rest);
            }
        }

        static byte Average(double sum, byte behind, int rest) => (byte)Math.Round((sum + (behind * rest)) / (samples * samples));
    }

    /// <summary>Adds up to the given amplitude to every value; the same for red, green and blue of a pixel, as grain is.</summary>
    public void AddNoise(TestRandom random, double amplitude)
    {
        for (var i = 0; i < Pixels.Length; i += 3)
        {
            var noise = amplitude * random.NextSigned();
            for (var channel = 0; channel < 3; channel++)
            {
                Pixels[i + channel] = (byte)Math.Clamp(Pixels[i + channel] + noise, 0, 255);
            }
        }
    }

    public void DrawLandscape()
    {
        for (var row = 0; row < Height; row++)
        {
            for (var column = 0; column < Width; column++)
            {
                var horizon = (Height * 0.55) + (40 * Math.Sin(column / 70.0)) + (15 * Math.Sin(column / 23.0));
                var depth = row / (double)Height;
                var (red, green, blue) = row < horizon ? (110 + (80 * depth), 150 + (60 * depth), 225.0) : (120 - (30 * depth), 130 - (40 * depth), 60.0);
                Set(column, row, red * _light, green * _light, blue * _light);
            }
        }
    }

    private static (int Red, int Green, int Blue)[,] Tiles(int seed)
    {
        const int count = TestFace.TilesPerRow + 2;
        var random = new TestRandom((ulong)(uint)seed * 0x2545F4914F6CDD1D);
        var tiles = new (int, int, int)[count, count];
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < count; column++)
            {
                tiles[row, column] = (
                    random.NextBool() ? TestFace.RedHigh : TestFace.RedLow,
                    random.NextBool() ? TestFace.GreenHigh : TestFace.GreenLow,
                    random.NextBool() ? TestFace.RedHigh : TestFace.RedLow);
            }
        }

        return tiles;
    }

    // Across and down from the nose, in pixels of the crop.
    private (double Red, double Green, double Blue)? ColourAt((int Red, int Green, int Blue)[,] tiles, double across, double down)
    {
        var distance = Math.Sqrt((across * across) + (down * down));
        if (distance <= TestFace.DiscDiameter / 2)
        {
            return (0, 255, 0);
        }

        if (distance <= TestFace.RingDiameter / 2)
        {
            return (0, 0, 0);
        }

        var column = (int)Math.Floor((across + TestFace.NoseX + 0.5) / TestFace.TileSize) + 1;
        var row = (int)Math.Floor((down + TestFace.NoseY + 0.5) / TestFace.TileSize) + 1;
        if (column < 0 || row < 0 || column > TestFace.TilesPerRow + 1 || row > TestFace.TilesPerRow + 1)
        {
            return null;
        }

        var tile = tiles[row, column];
        return (Math.Min(255, tile.Red * _light), Math.Min(255, tile.Green * _light), Math.Min(255, tile.Blue * _light));
    }

    private void DrawBackground(int background)
    {
        var random = new TestRandom((ulong)(uint)background + 77);
        var (red, blue, slope) = (140 + (60 * random.NextSigned()), 140 + (60 * random.NextSigned()), 40 * random.NextSigned());
        for (var row = 0; row < Height; row++)
        {
            for (var column = 0; column < Width; column++)
            {
                var shade = (slope * column / Width) + (20 * Math.Sin((row + column) / 30.0));
                Set(column, row, (red + shade) * _light, (((red + blue) / 2.4) + shade) * _light, (blue + shade) * _light);
            }
        }
    }

    private void Set(int column, int row, double red, double green, double blue)
    {
        var at = ((row * Width) + column) * 3;
        Pixels[at] = (byte)Math.Clamp(red, 0, 255);
        Pixels[at + 1] = (byte)Math.Clamp(green, 0, 255);
        Pixels[at + 2] = (byte)Math.Clamp(blue, 0, 255);
    }
}
