using System.Numerics.Tensors;
using FaceCloud.Trainer.Samples.Model;

namespace FaceCloud.Trainer.Samples.People;

/// <summary>
/// Draws persons that nobody is. A kind of person is the neighbourhood of somebody at random; a new person is the neighbourhood's mean and a
/// random mixture of how many neighbours differ from it, with weights of square sum 1: the mixture has the neighbours' own spread, and is
/// close to no single one of them.
/// </summary>
public sealed class PersonSampler
{
    private const int Neighbours = 80;
    private const float Clear = 1.5f;
    private const int Mixed = 24;
    private const int MixedDeviations = 4;

    // The rest are hands, sunglasses, profiles, stage light.
    private const float OrdinaryDeviations = 0.6f;
    private const float OrdinaryPersons = 0.9f;

    // Shape may go far and stays a face; textures mixed from many persons turn to fog in their fine directions.
    private const float ShapeWeight = 1.4f;
    private const float TextureWeight = 1.15f;
    private const float FineTexture = 130;

    private readonly FaceModel _model;
    private readonly float[] _weights;
    private readonly float[][] _deviations;
    private readonly float[][] _looks;

    private readonly float[] _sex;
    private readonly bool[] _ordinary;

    /// <param name="model">The statistics.</param>
    /// <param name="sex">As <see cref="ApparentSex"/> gives it.</param>
    public PersonSampler(FaceModel model, float[] sex)
    {
        (_model, _sex) = (model, sex);
        _weights = [.. Enumerable.Range(0, model.Rank).Select(i => i < model.Shape.Rank ? ShapeWeight : TextureWeight * MathF.Exp((model.Shape.Rank - i) / FineTexture))];
        _deviations = [.. model.Deviations.OrderBy(d => TensorPrimitives.Norm<float>(d)).Take(Math.Max(1, (int)(model.Deviations.Length * OrdinaryDeviations)))];
        var norms = model.Persons.Select(p => TensorPrimitives.Norm<float>(p)).ToArray();
        var limit = norms.Order().ElementAt((int)((norms.Length - 1) * OrdinaryPersons));
        _ordinary = [.. norms.Select(n => n <= limit)];
        _looks = [.. model.Persons.Select(Look)];
    }

    /// <summary>A kind of person: who looks like somebody at random.</summary>
    public PersonKind Kind(GaussianRandom random)
    {
        int anchor;
        do
        {
            anchor = random.Below(_looks.Length);
        }
        while (MathF.Abs(_sex[anchor]) < Clear || !_ordinary[anchor]);

        var woman = _sex[anchor] > 0;
        var neighbours = Enumerable.Range(0, _looks.Length)
            .Where(i => _ordinary[i] && (woman ? _sex[i] > Clear : _sex[i] < -Clear))
            .OrderBy(i => TensorPrimitives.Distance<float>(_looks[i], _looks[anchor]))
            .Take(Neighbours)
            .ToArray();
        var centre = new float[_model.Rank];
        foreach (var neighbour in neighbours)
        {
            TensorPrimitives.MultiplyAdd(_model.Persons[neighbour], 1f / neighbours.Length, centre, centre);
        }

        return new PersonKind(woman, centre, neighbours);
    }

    /// <summary>Coefficients of a new person.</summary>
    /// <param name="kind">Of this kind.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="distinctness">1 as neighbours differ; more makes a person stand out.</param>
    public float[] Person(PersonKind kind, GaussianRandom random, float distinctness)
    {
        var result = (float[])kind.Centre.Clone();
        var weights = Enumerable.Range(0, Mixed).Select(_ => random.Next()).ToArray();
        var scale = distinctness / TensorPrimitives.Norm<float>(weights);
        var difference = new float[_model.Rank];
        foreach (var weight in weights)
        {
            TensorPrimitives.Subtract(_model.Persons[kind.Neighbours[random.Below(kind.Neighbours.Length)]], kind.Centre, difference);
            TensorPrimitives.Multiply(difference, _weights, difference);
            TensorPrimitives.MultiplyAdd(difference, weight * scale, result, result);
        }

        return result;
    }

    /// <summary>
    /// A person not far from another of the same kind, and as likely as any other: centre + √(1 − ρ²) (person − centre) + ρ (new person − centre).
    /// </summary>
    public float[] Near(PersonKind kind, float[] place, GaussianRandom random, float distinctness, float rho)
    {
        var result = Person(kind, random, distinctness);
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = kind.Centre[i] + (MathF.Sqrt(1 - (rho * rho)) * (place[i] - kind.Centre[i])) + (rho * (result[i] - kind.Centre[i]));
        }

        return result;
    }

    /// <summary>Coefficients to add to a person's: expression, light and turn of one photo.</summary>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="strength">1 as photos of one person differ.</param>
    public float[] Deviation(GaussianRandom random, float strength)
    {
        var result = new float[_model.Rank];
        var weights = Enumerable.Range(0, MixedDeviations).Select(_ => random.Next()).ToArray();
        var scale = strength / TensorPrimitives.Norm<float>(weights);
        foreach (var weight in weights)
        {
            TensorPrimitives.MultiplyAdd(_deviations[random.Below(_deviations.Length)], weight * scale, result, result);
        }

        for (var i = _model.Shape.Rank; i < result.Length; i++)
        {
            result[i] *= _weights[i];
        }

        return result;
    }

    /// <summary>A deviation not far from another, and a little smaller.</summary>
    /// <param name="deviation">The other.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="strength">As of <see cref="Deviation"/>.</param>
    /// <param name="rho">0 stays, 1 jumps anywhere.</param>
    /// <param name="size">1 as likely as any other.</param>
    public float[] NearDeviation(float[] deviation, GaussianRandom random, float strength, float rho, float size)
    {
        var result = Deviation(random, strength);
        TensorPrimitives.Multiply(result, size * rho, result);
        TensorPrimitives.MultiplyAdd(deviation, size * MathF.Sqrt(1 - (rho * rho)), result, result);
        return result;
    }

    // Coefficients in the size of what they change, shape and texture alike in weight: what looks alike is near.
    private float[] Look(float[] person)
    {
        var look = new float[_model.Rank];
        var shape = _model.Shape.Deviations;
        var texture = _model.Texture.Deviations;
        TensorPrimitives.Multiply(person.AsSpan(0, shape.Length), shape, look);
        TensorPrimitives.Multiply(person.AsSpan(shape.Length), texture, look.AsSpan(shape.Length));
        TensorPrimitives.Divide(look.AsSpan(0, shape.Length), TensorPrimitives.Norm<float>(shape), look.AsSpan(0, shape.Length));
        TensorPrimitives.Divide(look.AsSpan(shape.Length), TensorPrimitives.Norm<float>(texture), look.AsSpan(shape.Length));
        return look;
    }
}
