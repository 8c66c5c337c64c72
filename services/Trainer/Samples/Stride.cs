namespace FaceCloud.Trainer.Samples;

/// <summary>
/// How large the next step is: longer after one that led somewhere, shorter after one that did not, even at one success in six (the one-fifth
/// rule, Rechenberg 1973).
/// </summary>
internal sealed class Stride(float rho)
{
    private const float Longer = 1.25f;
    private const float Shorter = 0.957f;
    private const float Longest = 0.9f;
    private const float Shortest = 0.05f;

    /// <summary>0 stays, 1 jumps anywhere.</summary>
    public float Rho { get; private set; } = rho;

    public bool Improves(float next, float before)
    {
        var improves = next < before;
        Rho = Math.Clamp(Rho * (improves ? Longer : Shorter), Shortest, Longest);
        return improves;
    }
}
