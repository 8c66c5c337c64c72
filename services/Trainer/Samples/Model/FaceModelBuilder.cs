using System.Numerics.Tensors;
using FaceCloud.Trainer.Data;
using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace FaceCloud.Trainer.Samples.Model;

/// <summary>
/// Learns a <see cref="FaceModel"/>. Faces are registered to a mean face that sharpens as they come together: each is warped not to the mean
/// itself but to its own picture drawn with few directions, which has its light and complexion but no shape of its own yet
/// (collection flow, Kemelmacher-Shlizerman and Seitz 2012).
/// </summary>
public sealed class FaceModelBuilder(PixelCache pixels, FaceModelOptions options, Action<string> log)
{
    private const int Area = FaceRegistration.Side * FaceRegistration.Side;

    // What lies around the face (hair, background) is learned too, but must not lead.
    private const float AroundFace = 0.15f;

    // Fewer say too little about what in a photo is the person.
    private const int LeastPhotos = 4;

    private readonly float[] _registrationWeights = FaceRegion.Weights(FaceRegistration.Side, 0);
    private readonly float[] _textureWeights = FaceRegion.Weights(PixelCache.Side, AroundFace);

    public FaceModel Build(TrainingSet set, CancellationToken cancellationToken)
    {
        var (rows, persons) = Choose(set);
        log($"{rows.Length} photos of {persons.Distinct().Count()} persons to learn from");
        var (features, fields) = Register(rows, cancellationToken);
        var kept = DropWorst(features, fields);
        (rows, persons, fields) = ([.. kept.Select(i => rows[i])], [.. kept.Select(i => persons[i])], [.. kept.Select(i => fields[i])]);
        log($"{rows.Length} photos fit");

        var (shape, shapeCoefficients) = FitShape(fields);
        var (texture, textureCoefficients) = FitTexture(rows, fields, cancellationToken);
        var coefficients = new float[rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            coefficients[i] =
            [
                .. shapeCoefficients.AsSpan(i * shape.Rank, shape.Rank),
                .. textureCoefficients.AsSpan(i * texture.Rank, texture.Rank),
            ];
        }

        var groups = Enumerable.Range(0, rows.Length).GroupBy(i => persons[i]).Select(g => g.ToArray()).ToArray();
        var (identities, deviations) = PersonStatistics.Part(coefficients, groups);
        log($"{shape.Rank} directions of shape, {texture.Rank} of texture, {groups.Length} persons, {deviations.Length} photos beside others of their person");
        return new FaceModel(shape, texture, identities, [.. groups.Select(g => rows[g[0]])], deviations);
    }

    private (int[] Rows, int[] Persons) Choose(TrainingSet set)
    {
        var rows = new List<int>();
        var persons = new List<int>();
        var person = 0;
        var sharpest = set.Persons
            .Select(photos => photos.Where(row => IsUsable(pixels.Pixels(row))).ToArray())
            .Where(photos => photos.Length >= LeastPhotos)
            .OrderByDescending(photos => photos.Average(row => Sharpness(pixels.Pixels(row))))
            .Take(options.Persons);
        foreach (var photos in sharpest)
        {
            foreach (var row in photos.Take(options.PhotosPerPerson))
            {
                rows.Add(row);
                persons.Add(person);
            }

            person++;
        }

        var singles = set.Unlabelled.Where(row => IsUsable(pixels.Pixels(row))).OrderByDescending(row => Sharpness(pixels.Pixels(row))).Take(options.SinglePhotos).Order();
        foreach (var row in singles)
        {
            rows.Add(row);
            persons.Add(person++);
        }

        return ([.. rows], [.. persons]);
    }

    // Not cut by the photo's edge (black), not grey, neither very dark nor burnt.
    private static bool IsUsable(ReadOnlySpan<byte> crop)
    {
        var (black, inside, colour, light) = (0, 0, 0f, 0f);
        for (var y = 0; y < PixelCache.Side; y += 2)
        {
            for (var x = 0; x < PixelCache.Side; x += 2)
            {
                if (FaceRegion.Radius(x, y) > 1)
                {
                    continue;
                }

                var pixel = crop.Slice(((y * PixelCache.Side) + x) * 3, 3);
                inside++;
                black += pixel[0] + pixel[1] + pixel[2] < 9 ? 1 : 0;
                colour += Math.Abs(pixel[0] - pixel[2]);
                light += pixel[1];
            }
        }

        return black < inside / 100 && colour > inside * 6 && light / inside is > 55 and < 205;
    }

    private static float Sharpness(ReadOnlySpan<byte> crop)
    {
        var sum = 0f;
        for (var y = 30; y < 105; y++)
        {
            for (var x = 30; x < 90; x++)
            {
                var at = (((y * PixelCache.Side) + x) * 3) + 1;
                sum += Math.Abs((4 * crop[at]) - crop[at - 3] - crop[at + 3] - crop[at - (PixelCache.Side * 3)] - crop[at + (PixelCache.Side * 3)]);
            }
        }

        return sum;
    }

    private (float[][] Features, float[][] Fields) Register(int[] rows, CancellationToken cancellationToken)
    {
        var features = new float[rows.Length][];
        var fields = new float[rows.Length][];
        var targets = new float[rows.Length][];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, rows.Length, parallel, () => new FaceRegistration(_registrationWeights), (i, _, registration) =>
        {
            features[i] = new float[Area];
            fields[i] = new float[FaceRegistration.FieldLength];
            targets[i] = new float[Area];
            registration.Normalise(pixels.Pixels(rows[i]), features[i]);
            return registration;
        }, _ => { });

        foreach (var round in options.Rounds)
        {
            FillTargets(features, fields, targets, round.Rank);
            Parallel.For(0, rows.Length, parallel, () => new FaceRegistration(_registrationWeights), (i, _, registration) =>
            {
                registration.Improve(targets[i], features[i], fields[i], round.Steps, round.StepSigma, round.FieldSigma);
                return registration;
            }, _ => { });
            var drift = Recentre(fields);
            log($"registered with {round.Rank} directions, residual {Residuals(features, fields, targets).Average():F4}, mean moved by {drift:F3}");
        }

        return (features, fields);
    }

    // Each face as few directions of all faces, in their common shape, can draw it.
    private void FillTargets(float[][] features, float[][] fields, float[][] targets, int rank)
    {
        using var scope = NewDisposeScope();
        var data = Warped(features, fields);
        if (rank == 0)
        {
            var mean = data.mean([0]).data<float>().ToArray();
            foreach (var target in targets)
            {
                mean.CopyTo(target, 0);
            }

            return;
        }

        var components = PrincipalComponents.Fit(data, rank, options.Seed);
        var coefficients = components.Project(data);
        for (var i = 0; i < targets.Length; i++)
        {
            components.Compose(coefficients.AsSpan(i * components.Rank, components.Rank)).CopyTo(targets[i], 0);
        }
    }

    private static Tensor Warped(float[][] features, float[][] fields)
    {
        var all = new float[features.Length * Area];
        for (var i = 0; i < features.Length; i++)
        {
            FaceRegistration.Warp(features[i], fields[i], all.AsSpan(i * Area, Area));
        }

        return PhotoTensor.Copy(all, features.Length, Area);
    }

    // The mean face must not wander: the mean of all fields is nothing.
    private static float Recentre(float[][] fields)
    {
        var mean = new float[FaceRegistration.FieldLength];
        foreach (var field in fields)
        {
            TensorPrimitives.Add(mean, field, mean);
        }

        TensorPrimitives.Divide(mean, fields.Length, mean);
        foreach (var field in fields)
        {
            TensorPrimitives.Subtract(field, mean, field);
        }

        return TensorPrimitives.Norm(mean) / MathF.Sqrt(Area);
    }

    private float[] Residuals(float[][] features, float[][] fields, float[][] targets)
    {
        var warped = new float[Area];
        return [.. features.Select((feature, i) =>
        {
            FaceRegistration.Warp(feature, fields[i], warped);
            TensorPrimitives.Subtract(warped, targets[i], warped);
            TensorPrimitives.Multiply(warped, _registrationWeights, warped);
            return TensorPrimitives.SumOfSquares<float>(warped) / Area;
        })];
    }

    private int[] DropWorst(float[][] features, float[][] fields)
    {
        var targets = features.Select(_ => new float[Area]).ToArray();
        FillTargets(features, fields, targets, options.Rounds[^1].Rank);
        var residuals = Residuals(features, fields, targets);
        var keep = (int)(features.Length * (1 - options.Dropped));
        return [.. Enumerable.Range(0, features.Length).OrderBy(i => residuals[i]).Take(keep).Order()];
    }

    private (PrincipalComponents Components, float[] Coefficients) FitShape(float[][] fields)
    {
        using var scope = NewDisposeScope();
        var all = new float[fields.Length * FaceRegistration.FieldLength];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i].CopyTo(all, i * FaceRegistration.FieldLength);
        }

        var data = PhotoTensor.Copy(all, fields.Length, FaceRegistration.FieldLength);
        var components = PrincipalComponents.Fit(data, options.ShapeRank, options.Seed);
        return (components, components.Project(data));
    }

    private (PrincipalComponents Components, float[] Coefficients) FitTexture(int[] rows, float[][] fields, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var data = empty(rows.Length, PixelCache.PhotoBytes);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, rows.Length, parallel, () => new float[PixelCache.PhotoBytes], (i, _, texture) =>
        {
            FaceTexture.Read(pixels.Pixels(rows[i]), fields[i], texture);
            for (var pixel = 0; pixel < _textureWeights.Length; pixel++)
            {
                var weight = _textureWeights[pixel];
                texture[pixel * 3] *= weight;
                texture[(pixel * 3) + 1] *= weight;
                texture[(pixel * 3) + 2] *= weight;
            }

            FaceTexture.Row(data, i, texture);
            return texture;
        }, _ => { });
        var components = PrincipalComponents.Fit(data, options.TextureRank, options.Seed);
        var coefficients = components.Project(data);
        var inverse = new float[PixelCache.PhotoBytes];
        for (var i = 0; i < inverse.Length; i++)
        {
            inverse[i] = 1 / _textureWeights[i / 3];
        }

        return (components.Scaled(inverse), coefficients);
    }
}
