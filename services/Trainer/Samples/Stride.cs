namespace FaceCloud.Trainer.Samples;

/// <summary>How large the next step is: shorter after many that led nowhere.</summary>
internal sealed class Stride
{
    private const int Patience = 12;

    private int _failed;

    /// <summary>0 stays, 1 jumps anywhere.</summary>
    public float Rho { get; private set; } = 0.4f;

    public bool Improves(float next, float before)
    {
        if (next < before)
        {
            _failed = 0;
            return true;
        }

        if (++_failed == Patience)
        {
            (_failed, Rho) = (0, Rho * 0.75f);
        }

        return false;
    }
}
