using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Fitting;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Calibration;

/// <summary>Measures a gallery on itself. One at a time: each holds a sample in memory and all cores.</summary>
public sealed class GalleryCalibrator(
    GalleryStore store,
    IFaceEncoder encoder,
    IOptions<CalibrationOptions> options,
    IOptions<GalleryOptions> defaults,
    TimeProvider time,
    ILogger<GalleryCalibrator> logger) : IDisposable
{
    // Same gallery, same result.
    private const int Seed = 20;
    private const int ReadAtOnce = 200;

    // Half decades: the strictest rate that can be measured is then never far from the one that could be.
    private static readonly double[] Rates = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6];

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Compares the gallery's faces with each other, and stores what they say as its next calibration.</summary>
    /// <param name="key">Of the gallery.</param>
    /// <param name="rates">Rates of interest besides the usual ones; each is answered with a threshold or with the reason why there is none.</param>
    /// <param name="activate">Decide by it from now on.</param>
    /// <param name="dryRun">Measure only.</param>
    /// <param name="cancellationToken">Ends the work; nothing is stored then.</param>
    /// <exception cref="FailureException">GalleryNotFound, CalibrationImpossible, CalibrationInvalid, ContractMismatch, Encoder….</exception>
    public async Task<CalibrationRun> CalibrateAsync(
        GalleryKey key, IReadOnlyList<double> rates, bool activate, bool dryRun, CancellationToken cancellationToken)
    {
        var gallery = await store.GetGalleryAsync(key, cancellationToken);
        var model = await encoder.GetModelAsync(cancellationToken);
        ProbeReader.RequireContract(gallery.EmbeddingContract, model);
        await _one.WaitAsync(cancellationToken);
        try
        {
            var counts = await store.CountFacesByPersonAsync(key, cancellationToken);
            if (counts.Count < 2)
            {
                throw new FailureException(
                    FailureReason.CalibrationImpossible,
                    $"The gallery has {counts.Count} {(counts.Count == 1 ? "person" : "persons")} with a face, and nobody to compare with. Enrol about 50 persons or more, best with several photos each.");
            }

            var sample = new CalibrationSample(await ReadAsync(key, counts, cancellationToken), gallery.Rule());
            var measured = await Task.Run(() => Measure(gallery, sample, counts.Count, rates, model, cancellationToken), cancellationToken);
            if (!dryRun)
            {
                (gallery, measured) = await store.AddCalibrationAsync(key, measured, gallery.CreatedAt, activate, options.Value.Kept, cancellationToken);
                Log.GalleryCalibrated(logger, key.GalleryId, measured.Version, measured.Persons, measured.ImpostorComparisons);
            }

            return Run(gallery, measured, counts, model);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<IReadOnlyList<IReadOnlyList<FaceVector>>> ReadAsync(
        GalleryKey key, IReadOnlyList<(string PersonId, int Faces)> counts, CancellationToken cancellationToken)
    {
        var random = new Random(Seed);
        var ids = counts.Select(count => count.PersonId).ToArray();
        var most = Math.Min(options.Value.Persons, (int)Math.Sqrt(options.Value.Comparisons));
        if (ids.Length > most)
        {
            random.Shuffle(ids);
            ids = [.. ids.Take(most).Order(StringComparer.Ordinal)];
        }

        var persons = new List<IReadOnlyList<FaceVector>>(ids.Length);
        foreach (var part in ids.Chunk(ReadAtOnce))
        {
            var found = await store.GetPersonsVectorsAsync(key, part, cancellationToken);
            foreach (var faces in part.Where(found.ContainsKey).Select(id => found[id].ToArray()))
            {
                random.Shuffle(faces);
                persons.Add([.. faces.Take(CalibrationSample.MostFaces)]);
            }
        }

        return persons;
    }

    private GalleryCalibration Measure(
        GalleryRow gallery, CalibrationSample sample, int personsOfGallery, IReadOnlyList<double> rates, EncoderModel model, CancellationToken cancellationToken)
    {
        var scores = sample.Compare(options.Value.Comparisons, cancellationToken);
        var points = Points(scores, rates, cancellationToken);
        var head = FittedHead.Of(sample, model, Seed);
        return new GalleryCalibration
        {
            EmbeddingContract = gallery.EmbeddingContract,
            Rule = gallery.Rule(),
            CreatedAt = time.GetUtcNow(),
            Persons = sample.Persons,
            PersonsOfGallery = personsOfGallery,
            Faces = sample.Faces,
            GenuinePersons = sample.GenuinePersons,
            GenuineComparisons = scores.Genuine.Count,
            ImpostorComparisons = scores.ImpostorCount,
            ComparisonsEach = sample.ComparisonsEach,
            Points = points,
            Head = head.Head,
            HeadNote = head.Note,
        };
    }

    /// <summary>The usual rates up to the first that cannot be measured, and all that were asked for.</summary>
    private IReadOnlyList<OperatingPoint> Points(ComparisonScores scores, IReadOnlyList<double> rates, CancellationToken cancellationToken)
    {
        var all = Rates.Concat(rates).Distinct().OrderDescending().ToArray();
        var measured = ThresholdTable.MeasureAll(scores, all, new PersonBootstrap(options.Value.Resamples, Seed), cancellationToken);
        var good = measured.TakeWhile(point => point.Refusal is null).Count();
        if (good == 0 || measured[good - 1].FalseAcceptRate > GalleryCalibration.LeastRate)
        {
            throw new FailureException(
                FailureReason.CalibrationImpossible,
                $"Too little to calibrate on; at a rate of {measured[good].FalseAcceptRate:0.####} there are {measured[good].Refusal}. Enrol more persons (about 50 are needed), best with several photos each.");
        }

        // What lies beyond a rate that cannot be measured can be measured even less, whatever chance says.
        return
        [
            .. measured.Take(good),
            .. measured.Skip(good)
                .Where((point, i) => i == 0 || rates.Contains(point.FalseAcceptRate))
                .Select(point => point with { Refusal = point.Refusal ?? $"not certain: the looser rate {measured[good].FalseAcceptRate:0.########} cannot be measured" }),
        ];
    }

    private CalibrationRun Run(GalleryRow gallery, GalleryCalibration measured, IReadOnlyList<(string PersonId, int Faces)> counts, EncoderModel model)
    {
        var faces = counts.Average(count => (double)count.Faces);
        var each = gallery.Rule().Comparisons(faces);
        var accept = new ThresholdWish(null, gallery.MaxFalseAcceptRate);
        var positive = new ThresholdWish(null, gallery.MaxFalsePositiveRate);
        var basis = measured.ToBasis(model);
        return new CalibrationRun(
            measured,
            measured.Version > 0 && gallery.ActiveCalibration == measured.Version,
            ThresholdPolicy.ForVerification(default, accept, defaults.Value.MaxFalseAcceptRate, () => basis, each),
            Identify(basis),
            model.Calibration.Count > 0 ? Identify(ModelCalibration.Of(model)) : null);

        Threshold Identify(ThresholdBasis used) => ThresholdPolicy.ForIdentification(
            default,
            positive,
            defaults.Value.MaxFalsePositiveRate,
            gallery.MaxFalseAcceptRate ?? defaults.Value.MaxFalseAcceptRate,
            counts.Count,
            () => used,
            each);
    }
}
