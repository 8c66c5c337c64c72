namespace FaceCloud.Trainer.Samples.Judging;

/// <summary>A face found in a sample.</summary>
/// <param name="centreX">Of its box, share of the picture's width.</param>
/// <param name="passes">Whether it is good enough to be enrolled.</param>
/// <param name="ways">How many ways there are to look at it.</param>
/// <param name="encode">What one of them makes of it.</param>
public sealed class JudgedFace(float centreX, bool passes, int ways, Func<int, float[]> encode)
{
    private readonly float[]?[] _embeddings = new float[]?[ways];

    public float CentreX => centreX;

    public bool Passes => passes;

    public int Ways => ways;

    /// <summary>Unit length; encoded when it is first asked for, since many faces are turned down by one encoder.</summary>
    public float[] Embedding(int way) => _embeddings[way] ??= encode(way);
}
