namespace FaceCloud.Trainer.Training;

/// <summary>A batch ready for the network.</summary>
/// <param name="Pixels">float32[N,112,112,3].</param>
/// <param name="Persons">Class of each photo, −1 for nobody in particular.</param>
/// <param name="Teacher">float32[N,D] of the same photos; empty without a teacher.</param>
public sealed record FaceBatch(float[] Pixels, int[] Persons, float[] Teacher)
{
    public int Count => Persons.Length;
}
