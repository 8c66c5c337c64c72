namespace FaceCloud.Trainer.Samples.Judging;

/// <summary>A face found in a sample.</summary>
/// <param name="centreX">Of its box, share of the picture's width.</param>
/// <param name="passes">Whether it is good enough to be enrolled.</param>
/// <param name="encoders">How many encoders there are.</param>
/// <param name="encode">What the encoder of a place makes of it.</param>
public sealed class JudgedFace(float centreX, bool passes, int encoders, Func<int, float[]> encode)
{
    private readonly float[]?[] _embeddings = new float[]?[encoders];

    public float CentreX => centreX;

    public bool Passes => passes;

    public int Encoders => encoders;

    /// <summary>Unit length; encoded when it is first asked for, since many faces are turned down by one encoder.</summary>
    public float[] Embedding(int encoder) => _embeddings[encoder] ??= encode(encoder);
}
