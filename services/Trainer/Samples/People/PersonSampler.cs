using System.Numerics.Tensors;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>
/// Draws persons that nobody is: the mean of a group and a random mixture of how many of its persons differ from it, with weights of
/// square sum 1, which has the group's own spread and is close to no single one of them.
/// </summary>
public sealed class PersonSampler(FaceModel model, IReadOnlyList<int[]> groups)
{
    private const int Mixed = 24;
    private const int MixedDeviations = 4;

    /// <summary>Coefficients of a person.</summary>
    /// <param name="group">Of what kind.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="distinctness">1 as the group's persons differ; more makes them stand out.</param>
    public float[] Person(int group, GaussianRandom random, float distinctness)
    {
        var members = groups[group];
        var result = new float[model.Rank];
        foreach (var member in members)
        {
            TensorPrimitives.MultiplyAdd(model.Persons[member], 1f / members.Length, result, result);
        }

        var centre = (float[])result.Clone();
        var weights = Enumerable.Range(0, Mixed).Select(_ => random.Next()).ToArray();
        var scale = distinctness / TensorPrimitives.Norm<float>(weights);
        var difference = new float[model.Rank];
        foreach (var weight in weights)
        {
            TensorPrimitives.Subtract(model.Persons[members[random.Below(members.Length)]], centre, difference);
            TensorPrimitives.MultiplyAdd(difference, weight * scale, result, result);
        }

        return result;
    }

    /// <summary>Coefficients to add to a person's: expression, light and turn of one photo.</summary>
    public float[] Deviation(GaussianRandom random, float strength)
    {
        var result = new float[model.Rank];
        var weights = Enumerable.Range(0, MixedDeviations).Select(_ => random.Next()).ToArray();
        var scale = strength / TensorPrimitives.Norm<float>(weights);
        foreach (var weight in weights)
        {
            TensorPrimitives.MultiplyAdd(model.Deviations[random.Below(model.Deviations.Length)], weight * scale, result, result);
        }

        return result;
    }
}
