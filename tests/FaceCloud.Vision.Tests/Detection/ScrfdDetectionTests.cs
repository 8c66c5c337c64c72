using System.Numerics;
using System.Security.Cryptography;
using FaceCloud.Contracts;
using FaceCloud.Inference.Models;
using FaceCloud.Vision.Detection;
using FaceCloud.Vision.Imaging;
using Microsoft.Extensions.Options;

namespace FaceCloud.Vision.Tests.Detection;

/// <summary>From pixels to faces through ONNX Runtime, with a network of our own; the catalogue chooses the decoder.</summary>
public sealed class ScrfdDetectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("facecloud-scrfd-").FullName;

    [Theory]
    [InlineData(null, 8, 5, 3)]
    [InlineData(null, 16, 4, 2)]
    [InlineData(null, 32, 3, 1)]
    [InlineData(320, 8, 5, 3)]
    public async Task DetectAsync_OneRedCell_FaceWithTheNetworksBoxAndPoints(int? side, int stride, int column, int row)
    {
        using var detector = Open(side);

        var faces = await detector.DetectAsync(Picture(300, 200, (column * stride, row * stride, stride)), TestContext.Current.CancellationToken);

        // A red cell of a coarse grid is several of a finer one, whose boxes are other faces.
        var face = faces[0];
        var corner = new Vector2(column, row) * stride;
        Assert.Single(faces, found => found.Box.Width == 4 * stride);
        Assert.Equal(new FaceBox(corner.X - stride, corner.Y - (2 * stride), 4 * stride, 6 * stride), face.Box);
        Assert.Equal(
            new FaceLandmarks(At(0), At(1), At(2), At(3), At(4)),
            face.Landmarks);
        Assert.InRange(face.Score, 0.99f, 1f);

        Vector2 At(int point) => corner + (new Vector2(ScrfdNetwork.Points[2 * point], ScrfdNetwork.Points[(2 * point) + 1]) * stride);
    }

    [Fact]
    public async Task DetectAsync_PhotoLargerThanTheDetectorsSize_FacesInItsPixels()
    {
        using var detector = Open(side: null);

        var faces = await detector.DetectAsync(Picture(1280, 960, (80, 48, 16)), TestContext.Current.CancellationToken);

        Assert.Equal(new FaceBox(64, 16, 64, 96), Assert.Single(faces).Box);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task DetectAsync_NothingRed_NoFace(int colour)
    {
        using var detector = Open(side: null);

        // Blue would be found if the channels were taken in the wrong order.
        Assert.Empty(await detector.DetectAsync(Picture(300, 200, (40, 24, colour == 2 ? 8 : 0), colour), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DetectAsync_TwoRedCells_TwoFaces()
    {
        using var detector = Open(side: null);

        var faces = await detector.DetectAsync(Picture(300, 200, (40, 24, 8), also: (200, 104, 8)), TestContext.Current.CancellationToken);

        Assert.Equal([32f, 192f], faces.Select(face => face.Box.X).Order());
    }

    [Fact]
    public async Task DetectAsync_FaceSeenOnlyInTheMirror_IsFoundWhereItLies()
    {
        using var detector = Open(side: null);
        using var once = Open(side: null, new VisionOptions { SecondLook = false });

        // From 44 to 51 the square halves two cells; in the mirror it lies from 248 to 255 and fills one.
        var picture = Picture(300, 200, (44, 24, 8));
        var faces = await detector.DetectAsync(picture, TestContext.Current.CancellationToken);

        Assert.Empty(await once.DetectAsync(picture, TestContext.Current.CancellationToken));
        var face = Assert.Single(faces);
        Assert.Equal(new FaceBox(299 - (240 + 32), 8, 32, 48), face.Box);
        Assert.Equal(new FaceLandmarks(At(1), At(0), At(2), At(4), At(3)), face.Landmarks);

        Vector2 At(int point) => new(299 - (248 + (ScrfdNetwork.Points[2 * point] * 8)), 24 + (ScrfdNetwork.Points[(2 * point) + 1] * 8));
    }

    [Fact]
    public async Task DetectAsync_OneFaceFound_TheMirrorIsNotAsked()
    {
        using var detector = Open(side: null);

        var faces = await detector.DetectAsync(Picture(300, 200, (200, 104, 8), also: (44, 24, 8)), TestContext.Current.CancellationToken);

        Assert.Equal(192, Assert.Single(faces).Box.X);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private FaceDetector Open(int? side, VisionOptions? options = null)
    {
        var source = Path.Combine(_folder, "det_500m.onnx");
        File.WriteAllBytes(source, ScrfdNetwork.ToBytes(side));
        var list = ModelList.Load(new ModelsOptions { Directory = Path.Combine(_folder, "models") });
        ModelStore.Add(list, new ModelAddition { Source = source, Suggested = "det_500m.onnx", Profile = ModelProfile.Find("scrfd")!, Origin = "A test.", Use = true });
        var catalog = new ModelCatalog(new ModelsOptions { Directory = Path.Combine(_folder, "models") });
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source))), catalog.Detector.Sha256);
        return Analyzers.Detector(catalog, Options.Create(options ?? new VisionOptions()));
    }

    private static RgbImage Picture(int width, int height, (int X, int Y, int Side) square, int colour = 0, (int X, int Y, int Side) also = default)
    {
        var pixels = new byte[width * height * 3];
        foreach (var (left, top, side) in new[] { square, also })
        {
            for (var i = 0; i < side * side; i++)
            {
                pixels[((((top + (i / side)) * width) + left + (i % side)) * 3) + colour] = 255;
            }
        }

        return new RgbImage(width, height, pixels);
    }
}
