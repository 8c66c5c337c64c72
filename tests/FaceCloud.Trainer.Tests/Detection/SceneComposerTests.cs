using System.Numerics;
using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Detection;
using FaceCloud.Trainer.Tests.Support;

namespace FaceCloud.Trainer.Tests.Detection;

public sealed class SceneComposerTests : IDisposable
{
    private const int Side = 192;

    private readonly TemporaryFolder _folder = new();
    private readonly LabelledPhotos _photos;
    private readonly PhotoCache _cache;

    public SceneComposerTests()
    {
        LabelledDrawings.Write(_folder.Path, count: 24, faceFree: 4);
        _photos = new LabelledPhotos(_folder.Path);
        _cache = PhotoCache.Open(_photos, _folder["cache"], CancellationToken.None);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1f, 0f)]
    [InlineData(0f, 1f)]
    [InlineData(1f, 1f)]
    public void Compose_MirroredAndTurned_LandmarksLieOnTheirDots(float flip, float turn)
    {
        var composer = Composer(SceneOptions.Plain with { MostPhotos = 6, Tight = 0.2f, Flip = flip, Turn = turn, FaceFree = 0.2f });
        var checkedDots = 0;

        for (var scene = 0; scene < 30; scene++)
        {
            var (pixels, faces) = Compose(composer, scene);
            foreach (var face in faces.Where(face => !face.Unsure && face.Box.Width > 30))
            {
                // Mirrored, the dots of the right eye and mouth corner are on the left.
                int[] dots = flip > 0 ? [1, 0, 2, 4, 3] : [0, 1, 2, 3, 4];
                Vector2[] points = [face.Landmarks.LeftEye, face.Landmarks.RightEye, face.Landmarks.Nose, face.Landmarks.LeftMouth, face.Landmarks.RightMouth];
                for (var i = 0; i < points.Length; i++)
                {
                    if (IsWithin(points[i]) && IsColour(pixels, points[i], LabelledDrawings.Dots[dots[i]]))
                    {
                        checkedDots++;
                    }
                    else if (IsWithin(points[i]) && IsAlone(face, faces))
                    {
                        Assert.Fail($"scene {scene}: dot {i} of the face at {face.Box} is not at {points[i]}");
                    }
                }
            }
        }

        Assert.InRange(checkedDots, 100, int.MaxValue);
    }

    [Fact]
    public void Compose_SameGenerator_GivesTheSameScene()
    {
        var (first, faces) = Compose(Composer(new SceneOptions()), 5);
        var (second, again) = Compose(Composer(new SceneOptions()), 5);
        var (other, _) = Compose(Composer(new SceneOptions()), 6);

        Assert.Equal(first, second);
        Assert.Equal(faces, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void Compose_ManyScenes_ShowSmallAndPictureFillingFacesOneAndMany()
    {
        var composer = Composer(new SceneOptions());
        var scenes = Enumerable.Range(0, 150).Select(i => Compose(composer, i)).ToList();

        var sizes = scenes.SelectMany(scene => scene.Faces).Where(face => !face.Unsure).Select(face => MathF.Sqrt(face.Box.Width * face.Box.Height)).ToList();
        Assert.All(sizes, size => Assert.InRange(size, 11, 2 * Side));
        Assert.Contains(sizes, size => size < 20);
        Assert.Contains(sizes, size => size > 0.6 * Side);
        Assert.Contains(scenes, scene => scene.Faces.Count == 0);
        Assert.Contains(scenes, scene => scene.Faces.Count >= 6);
        Assert.All(scenes, scene => Assert.All(scene.Pixels, value => Assert.InRange(value, 0, 255)));
    }

    [Fact]
    public void Compose_SidewaysPhotos_TeachNoFace()
    {
        var composer = Composer(SceneOptions.Plain with { Sideways = 1 });

        var (pixels, faces) = Compose(composer, 1);

        Assert.Empty(faces);
        Assert.Contains(pixels, value => value > 0);
    }

    [Fact]
    public void Compose_HeldOut_UsesOtherPhotos()
    {
        var training = new SceneComposer(_photos, _cache, heldOut: false, SceneOptions.Plain);
        var heldOut = new SceneComposer(_photos, _cache, heldOut: true, SceneOptions.Plain);

        Assert.Equal(20, training.PhotosWithFaces + heldOut.PhotosWithFaces);
        Assert.InRange(heldOut.PhotosWithFaces, 1, 8);
    }

    [Fact]
    public void Compose_TurnedAndExtraShares_DrawThosePhotos()
    {
        // A folder of its own whose only face has its eyes on one spot.
        Directory.CreateDirectory(_folder["extra"]);
        var face = LabelledDrawings.Face(3);
        var middle = (face.Landmarks.LeftEye + face.Landmarks.RightEye) / 2;
        File.WriteAllBytes(_folder["extra/3.png"], LabelledDrawings.Png(3));
        File.WriteAllText(
            _folder["extra/labels.csv"],
            "name,x,y,w,h\n" + LabelledDrawings.Row("3.png", face with { Landmarks = face.Landmarks with { LeftEye = middle, RightEye = middle } }));
        var photos = new LabelledPhotos(_folder["extra"]);
        using var cache = PhotoCache.Open(photos, _folder["cache"], CancellationToken.None);

        var never = Narrow(0, 0);
        var always = Narrow(1, 0);
        var half = Narrow(0.5f, 0);
        var turned = Narrow(0.5f, 1);

        Assert.Equal(0, never);
        Assert.Equal(1, always);
        Assert.InRange(half, 0.3, 0.7);
        // The drawings of the first folder look straight ahead, so there the share has nothing to draw from.
        Assert.InRange(turned, 0.3, 0.7);

        double Narrow(float extra, float share)
        {
            var composer = new SceneComposer(_photos, _cache, heldOut: false, SceneOptions.Plain with { Extra = extra, Turned = share }, (photos, cache));
            var faces = Enumerable.Range(0, 80).SelectMany(scene => Compose(composer, scene).Faces).Where(shown => !shown.Unsure).ToList();
            return faces.Average(shown => new LabelledFace(shown.Box, shown.Landmarks).AppearsTurned ? 1.0 : 0);
        }
    }

    [Fact]
    public void Compose_TurnedShare_ShowsThemMoreOften()
    {
        Directory.CreateDirectory(_folder["mixed"]);
        LabelledDrawings.Write(_folder["mixed"], count: 30, shard: false);
        var lines = File.ReadAllLines(_folder["mixed/labels.csv"]);
        for (var i = 1; i <= 3; i++)
        {
            var face = LabelledDrawings.Face(i);
            lines[i + 1] = LabelledDrawings.Row($"{i}.png", face with { Landmarks = face.Landmarks with { LeftEye = face.Landmarks.RightEye } }).TrimEnd();
        }

        File.WriteAllLines(_folder["mixed/labels.csv"], lines);
        var photos = new LabelledPhotos(_folder["mixed"]);
        using var cache = PhotoCache.Open(photos, _folder["cache"], CancellationToken.None);

        var seldom = Turned(0);
        var often = Turned(0.8f);

        Assert.InRange(seldom, 0, 0.25);
        Assert.InRange(often, 0.6, 1);

        double Turned(float share)
        {
            var composer = new SceneComposer(photos, cache, heldOut: false, SceneOptions.Plain with { Turned = share });
            var faces = Enumerable.Range(0, 100).SelectMany(scene => Compose(composer, scene).Faces).Where(shown => !shown.Unsure).ToList();
            return faces.Average(shown => new LabelledFace(shown.Box, shown.Landmarks).AppearsTurned ? 1.0 : 0);
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _folder.Dispose();
    }

    private SceneComposer Composer(SceneOptions options) => new(_photos, _cache, heldOut: false, options);

    private static (float[] Pixels, List<SceneFace> Faces) Compose(SceneComposer composer, int scene)
    {
        var pixels = new float[Side * Side * 3];
        var faces = new List<SceneFace>();
        composer.Compose(Side, new SmallRandom(1, scene, 0), pixels, faces);
        return (pixels, faces);
    }

    private static bool IsWithin(Vector2 point) => point.X >= 1 && point.Y >= 1 && point.X < Side - 1 && point.Y < Side - 1;

    /// <summary>Whether nothing of another photo can cover it: faces that are cut off reach into other places.</summary>
    private static bool IsAlone(SceneFace face, List<SceneFace> faces) => faces.Count == 1 && face.Box is { X: > 0, Y: > 0 } box && box.X + box.Width < Side && box.Y + box.Height < Side;

    private static bool IsColour(float[] pixels, Vector2 point, (byte Red, byte Green, byte Blue) colour)
    {
        var at = (((int)point.Y * Side) + (int)point.X) * 3;
        return Math.Abs(pixels[at] - colour.Blue) < 60 && Math.Abs(pixels[at + 1] - colour.Green) < 60 && Math.Abs(pixels[at + 2] - colour.Red) < 60;
    }
}
