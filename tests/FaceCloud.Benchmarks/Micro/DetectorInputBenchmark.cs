using BenchmarkDotNet.Attributes;
using FaceCloud.Vision.Detection;
using FaceCloud.Vision.Imaging;

namespace FaceCloud.Benchmarks.Micro;

/// <summary>Picture to detector input: the only resize of whole pictures.</summary>
[InProcess]
public class DetectorInputBenchmark
{
    private byte[] _pixels = [];
    private float[] _input = [];
    private DetectorGeometry _geometry;

    [Params(500, 1920)]
    public int Width { get; set; }

    private int Height => Width * 3 / 4;

    [GlobalSetup]
    public void Fill()
    {
        _pixels = new byte[Width * Height * RgbImage.Channels];
        new Random(2015).NextBytes(_pixels);
        _geometry = DetectorGeometry.For(Width, Height, 640);
        _input = new float[RgbImage.Channels * _geometry.Plane];
    }

    [Benchmark]
    public void Resize() => DetectorInput.Fill(new RgbImage(Width, Height, _pixels), _geometry, _input);
}
