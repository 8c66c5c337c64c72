namespace FaceCloud.Trainer.Export;

/// <summary>Smallest and largest value that 8 bits hold; what lies outside is cut off.</summary>
public readonly record struct ActivationRange(float Low, float High)
{
    /// <summary>Size of one of the 255 steps; the range always holds 0, so that padding stays exact.</summary>
    public float Scale => Math.Max((Math.Max(High, 0) - Math.Min(Low, 0)) / 255, 1e-9f);

    /// <summary>The step that stands for 0.</summary>
    public byte Zero => (byte)Math.Clamp(MathF.Round(-Math.Min(Low, 0) / Scale), 0, 255);
}
