namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>Smooth random values over the plane: a lattice of hashed numbers between which is mixed. A pure function of seed and place.</summary>
public sealed class Noise(int seed)
{
    /// <summary>−1 to 1, features of about one unit.</summary>
    public float At(float x, float y)
    {
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (right, down) = (Smooth(x - left), Smooth(y - top));
        var upper = Lattice(left, top) + ((Lattice(left + 1, top) - Lattice(left, top)) * right);
        var lower = Lattice(left, top + 1) + ((Lattice(left + 1, top + 1) - Lattice(left, top + 1)) * right);
        return upper + ((lower - upper) * down);
    }

    /// <summary>Octaves of half the size and half the strength.</summary>
    public float Fractal(float x, float y, int octaves)
    {
        var (sum, strength) = (0f, 0.5f);
        for (var i = 0; i < octaves; i++)
        {
            sum += strength * At((x * (1 << i)) + (17.3f * i), (y * (1 << i)) - (9.1f * i));
            strength /= 2;
        }

        return sum;
    }

    private static float Smooth(float t) => t * t * (3 - (2 * t));

    private float Lattice(int x, int y)
    {
        var h = (uint)((x * 374761393) + (y * 668265263) + (seed * 1442695041));
        h = (h ^ (h >> 13)) * 1274126177;
        h = (h ^ (h >> 16)) * 2246822519;
        return ((h ^ (h >> 13)) * (2f / uint.MaxValue)) - 1;
    }
}
