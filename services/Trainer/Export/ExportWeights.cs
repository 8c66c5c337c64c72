namespace FaceCloud.Trainer.Export;

/// <summary>What an exported encoder's weights are.</summary>
public enum ExportWeights
{
    /// <summary>float32 in the file.</summary>
    Full,

    /// <summary>float16 in the file, float32 arithmetic: half the size, the same speed.</summary>
    Half,

    /// <summary>Convolutions in 8 bits; needs photos to measure ranges on.</summary>
    EightBit,
}
