using System.Numerics;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Samples.Drawing;
using FaceCloud.Trainer.Samples.Model;
using NetVips;

namespace FaceCloud.Trainer.Tests.Samples;

/// <summary>Warp, layers and strokes.</summary>
public sealed class DrawingTests
{
    [Fact]
    public void Line_AcrossThePicture_CoversItsWayAndNothingElse()
    {
        var canvas = new Canvas(20, 20);

        canvas.Line(new Vector2(-5, 10), new Vector2(25, 10), 3, new Vector3(200), 1);

        Assert.Equal(200, canvas[7, 10].X, 0.01f);
        Assert.Equal(0, canvas[7, 14].X);
        Assert.Equal(0, canvas[7, 6].X);
    }

    [Fact]
    public void Blend_HalfAndOutside_MixesAndIgnores()
    {
        var canvas = new Canvas(4, 4);

        canvas.Blend(1, 1, new Vector3(100, 50, 0), 0.5f);
        canvas.Blend(-1, 9, new Vector3(100), 1);

        Assert.Equal(new Vector3(50, 25, 0), canvas[1, 1]);
        Assert.Equal(100 / 2, Enumerable.Range(0, 16).Sum(i => canvas[i % 4, i / 4].X));
    }

    [Fact]
    public void LayOver_HalfTransparentStroke_MixesWithAnyGround()
    {
        var layer = Layer.Of(8, 8, canvas => canvas.Blend(3, 3, new Vector3(200, 100, 0), 0.5f));
        var ground = new Canvas(8, 8);
        ground.Change((_, _, _) => new Vector3(60));

        layer.LayOver(ground);

        Assert.Equal(130, ground[3, 3].X, 0.01f);
        Assert.Equal(30, ground[3, 3].Z, 0.01f);
        Assert.Equal(new Vector3(60), ground[4, 3]);
    }

    [Fact]
    public void Blur_OneBrightPixel_SpreadsItAndKeepsTheSum()
    {
        var canvas = new Canvas(41, 41);
        canvas[20, 20] = new Vector3(1000);

        canvas.Blur(2);

        Assert.Equal(1000, Enumerable.Range(0, 41 * 41).Sum(i => canvas[i % 41, i / 41].X), 0.5f);
        Assert.InRange(canvas[20, 20].X, 1, 100);
        Assert.Equal(canvas[18, 20].X, canvas[22, 20].X, 0.001f);
    }

    [Fact]
    public void ToJpeg_Canvas_DecodesToItsSizeAndColour()
    {
        var canvas = new Canvas(48, 32);
        canvas.Change((_, _, _) => new Vector3(200, 100, 50));

        using var image = Image.NewFromBuffer(canvas.ToJpeg(90));

        Assert.Equal((48, 32, 3), (image.Width, image.Height, image.Bands));
        Assert.InRange(image[0].Avg(), 195, 205);
    }

    [Fact]
    public void ToHead_OfToPicture_IsTheSamePlace()
    {
        var frame = new HeadFrame(new Vector2(200, 230), 2.1f, 0.3f);

        var place = frame.ToHead(frame.ToPicture(new Vector2(42, 55)));

        Assert.Equal(42, place.X, 0.001f);
        Assert.Equal(55, place.Y, 0.001f);
    }

    [Fact]
    public void ToMeanShape_FieldThatWidens_IsTheInverseOfTheWarp()
    {
        const int side = FaceRegistration.Side;
        var field = new float[FaceRegistration.FieldLength];
        for (var i = 0; i < side * side; i++)
        {
            field[i] = 0.08f * ((i % side) - 30);
        }

        var layer = new FaceLayer(field, new float[PixelCache.PhotoBytes], 0);

        var mean = layer.ToMeanShape(new Vector2(90, 60));

        var (x, y) = FaceTexture.Shift(field, mean.X, mean.Y);
        Assert.Equal(90, mean.X + x, 0.02f);
        Assert.Equal(60, mean.Y + y, 0.02f);
        Assert.InRange(mean.X, 80, 89);
    }

    [Fact]
    public void Read_FieldOfOnePixelRight_MovesTheCropLeft()
    {
        var crop = new byte[PixelCache.PhotoBytes];
        crop[((60 * 120) + 62) * 3] = 240;
        var field = new float[FaceRegistration.FieldLength];
        field.AsSpan(0, field.Length / 2).Fill(1);
        var texture = new float[PixelCache.PhotoBytes];

        FaceTexture.Read(crop, field, texture);

        // One pixel of the grid is two of the crop.
        Assert.Equal(240, texture[((60 * 120) + 60) * 3], 0.01f);
        Assert.Equal(240, texture.Sum(), 0.1f);
    }

    [Theory]
    [InlineData(HairKind.Brushed)]
    [InlineData(HairKind.Loose)]
    [InlineData(HairKind.Bob)]
    [InlineData(HairKind.Cropped)]
    [InlineData(HairKind.Receding)]
    [InlineData(HairKind.Curly)]
    public void Paint_AnyHair_LeavesTheFaceFreeAndCoversTheHead(HairKind kind)
    {
        var skin = new float[PixelCache.PhotoBytes];
        Array.Fill(skin, 180);
        var face = new FaceLayer(new float[FaceRegistration.FieldLength], skin, 0);
        var hair = new HairStyle(kind, new Vector3(30, 20, 15), 0, 18, 3, 6, 1, 0.8f, 9);
        var frame = new HeadFrame(new Vector2(150, 170), 1.5f, 0);
        var clothing = new Clothing(0, new Vector3(40, 60, 160), Vector3.One, false);

        var canvas = new Canvas(300, 360);
        canvas.Change((_, _, _) => new Vector3(90, 200, 90));
        new PortraitPainter(300, 360, face.Skin, hair, 28, new PortraitScene(frame, clothing, 0, 0, 1), 4).Paint(canvas, face);

        var nose = At(60, 75);
        Assert.True(nose is { X: > 150, Z: > 150 }, $"nose {nose}");
        var chest = At(60, 175);
        Assert.True(chest.Z > chest.X, $"clothes {chest}");
        var side = At(20, 40);
        Assert.True(side.X < 130, $"hair {side}");
        Assert.Equal(200, canvas[2, 2].Y, 0.01f);

        Vector3 At(float x, float y)
        {
            var place = frame.ToPicture(new Vector2(x, y));
            return canvas[(int)place.X, (int)place.Y];
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Paint_Background_FillsThePictureAndIsTheSameForTheSameSeed(int kind)
    {
        var (first, second) = (new Canvas(80, 96), new Canvas(80, 96));

        BackgroundPainter.Paint(first, kind, 3);
        BackgroundPainter.Paint(second, kind, 3);

        Assert.Equal(first.ToBytes(), second.ToBytes());
        Assert.DoesNotContain(Enumerable.Range(0, 80 * 96), i => first[i % 80, i / 80] == Vector3.Zero);
    }
}
