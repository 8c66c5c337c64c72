using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.Vision;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Probes;

/// <summary>Turns photos and embeddings of callers into embeddings that may be compared: of one model, finite, of unit length.</summary>
public sealed class ProbeReader(FaceAnalyzer analyzer, IFaceEncoder encoder, IOptions<VisionOptions> vision)
{
    /// <summary>Reads all inputs; the fit faces of all of them are encoded in one call.</summary>
    /// <param name="inputs">One or more.</param>
    /// <param name="maxFaces">Of each photo, largest first.</param>
    /// <param name="galleryContract">What they are compared with; empty: nothing yet.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FailureException">Photo…, Embedding…, ContractMismatch, Encoder….</exception>
    public async Task<ProbeReadings> ReadAsync(
        IReadOnlyList<ProbeInput> inputs, int maxFaces, string galleryContract, CancellationToken cancellationToken)
    {
        var analyses = await Task.WhenAll(inputs.Select(input => input is PhotoInput photo
            ? AnalyzeAsync(photo, maxFaces, cancellationToken)
            : Task.FromResult<PhotoAnalysis?>(null)));

        var model = await encoder.GetModelAsync(cancellationToken);
        var given = inputs.Select(input => input is EmbeddingInput embedding ? Check(embedding, model) : null).ToArray();
        RequireContract(galleryContract, model);

        var fit = analyses
            .SelectMany(analysis => analysis?.Faces ?? [])
            .Where(face => face.Quality.Reasons.Count == 0)
            .ToList();
        var times = analyses.OfType<PhotoAnalysis>().Aggregate(new StageTimes(), (sum, analysis) => sum.With(analysis));
        var encoded = new Dictionary<AnalyzedFace, float[]>(ReferenceEqualityComparer.Instance);
        if (fit.Count > 0)
        {
            var answer = await encoder.EncodeAsync([.. fit.Select(face => face.Crop)], EncodePriority.Interactive, cancellationToken);
            model = await SameModelAsync(model, answer, anyGiven: given.Any(embedding => embedding is not null), cancellationToken);
            RequireContract(galleryContract, model);
            times = times.With(answer);
            foreach (var (face, embedding) in fit.Zip(answer.Embeddings))
            {
                encoded.Add(face, Embeddings.Normalized(embedding) ?? throw NotFinite());
            }
        }

        var readings = analyses.Zip(given, (analysis, embedding) => analysis is null
            ? new ProbeReading([new ProbeFace { Embedding = embedding }], null)
            : new ProbeReading(
                [.. analysis.Faces.Select(face => new ProbeFace { Detected = face, Embedding = encoded.GetValueOrDefault(face) })],
                analysis));
        return new ProbeReadings([.. readings], model, times);
    }

    /// <exception cref="FailureException">ContractMismatch.</exception>
    public static void RequireContract(string galleryContract, EncoderModel model)
    {
        if (galleryContract.Length > 0 && galleryContract != model.EmbeddingContract)
        {
            throw new FailureException(
                FailureReason.ContractMismatch,
                $"The gallery holds embeddings of {galleryContract}, but the encoder in use is {model.EmbeddingContract}. Use that model again, or enrol into a new gallery.");
        }
    }

    private async Task<PhotoAnalysis?> AnalyzeAsync(PhotoInput input, int maxFaces, CancellationToken cancellationToken) =>
        await analyzer.AnalyzeAsync(input.Photo, vision.Value.Probe, maxFaces, cancellationToken);

    // The encoder may have been started anew with another model between the two calls.
    private async Task<EncoderModel> SameModelAsync(EncoderModel model, EncodedFaces answer, bool anyGiven, CancellationToken cancellationToken)
    {
        if (answer.EmbeddingContract == model.EmbeddingContract)
        {
            return model;
        }

        var now = await encoder.GetModelAsync(cancellationToken);
        return now.EmbeddingContract == answer.EmbeddingContract && !anyGiven
            ? now
            : throw new FailureException(FailureReason.EncoderUnavailable, "The encoder changed its model during the call; try again.");
    }

    private static float[] Check(EmbeddingInput input, EncoderModel model)
    {
        if (input.EmbeddingContract.Length > 0 && input.EmbeddingContract != model.EmbeddingContract)
        {
            throw new FailureException(
                FailureReason.ContractMismatch,
                $"The embedding is of {input.EmbeddingContract}, but this server compares embeddings of {model.EmbeddingContract}. Embeddings of two models cannot be compared.");
        }

        if (input.Values.Length != model.Dimension)
        {
            throw new FailureException(
                FailureReason.EmbeddingWrongLength,
                $"An embedding of {model.EmbeddingContract} has {model.Dimension} values; this one has {input.Values.Length}.");
        }

        return Embeddings.Normalized(input.Values.Span) ?? throw NotFinite();
    }

    private static FailureException NotFinite() =>
        new(FailureReason.EmbeddingNotFinite, "The embedding is zero or has NaN or infinity in it; send the values as the model gave them.");
}
