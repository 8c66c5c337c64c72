namespace FaceCloud.Trainer.Samples;

/// <summary>How large the next step is: shorter after many that led nowhere.</summary>
internal sealed class Stride(float rho)
{
    private const int Patience = 14;

    private int _failed;

    /// <summary>0 stays, 1 jumps anywhere.</summary>
    public float Rho { get; private set; } = rho;

    public bool Improves(float next, float before)
    {
        if (next < before)
        {
            _failed = 0;
            return true;
        }

        if (++_failed == Patience)
        {
            (_failed, Rho) = (0, Rho * 0.78f);
        }

        return false;
    }
}
