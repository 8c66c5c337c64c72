using System.Text.Json;
using System.Text.Json.Serialization;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Scoring;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Fitting;
using FaceCloud.Inference.Models;

namespace FaceCloud.Gallery.Calibration;

/// <summary>
/// What a gallery's own faces say about its error rates. One comparison is one face against all faces of one person, scored as a search would score it; so
/// persons with several photos are measured as they are, and nothing is assumed about how much a photo adds.
/// </summary>
public sealed record GalleryCalibration
{
    /// <summary>The rate that must be measurable for a calibration to be of use; 50 persons with one photo are about enough for it.</summary>
    public const double LeastRate = 3e-2;

    private static readonly JsonSerializerOptions Json = new()
    {
        // No genuine comparison gives no true accept rate.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>From 1, by one for each; 0 until it is stored.</summary>
    public int Version { get; init; }

    public required string EmbeddingContract { get; init; }

    public required ScoringRule Rule { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Persons that were compared; of a large gallery a random sample.</summary>
    public required int Persons { get; init; }

    /// <summary>Persons of the gallery with a face.</summary>
    public required int PersonsOfGallery { get; init; }

    /// <summary>Faces of <see cref="Persons"/>.</summary>
    public required int Faces { get; init; }

    /// <summary>Persons with two faces or more, who can be compared with themselves.</summary>
    public required int GenuinePersons { get; init; }

    /// <summary>Comparisons of a face with the other faces of the same person.</summary>
    public required long GenuineComparisons { get; init; }

    /// <summary>Comparisons of a face with another person.</summary>
    public required long ImpostorComparisons { get; init; }

    /// <summary>What one person's faces count for in comparisons with a single face, on average (<see cref="ScoringRule.Comparisons"/>).</summary>
    public required double ComparisonsEach { get; init; }

    /// <summary>By falling rate, also those that could not be measured, with the reason.</summary>
    public required IReadOnlyList<OperatingPoint> Points { get; init; }

    /// <summary>Similarity of two faces to probability; null where <see cref="HeadNote"/> says why.</summary>
    public VerifierHead? Head { get; init; }

    /// <summary>What was measured of the head, or why there is none.</summary>
    public required string HeadNote { get; init; }

    /// <summary>Points that may be relied on.</summary>
    [JsonIgnore]
    public IEnumerable<OperatingPoint> Reliable => Points.Where(point => point.Refusal is null);

    public static GalleryCalibration Read(CalibrationRow row) =>
        JsonSerializer.Deserialize<GalleryCalibration>(row.Document, Json)! with { Version = row.Version };

    public CalibrationRow ToRow(GalleryKey gallery) =>
        new() { TenantId = gallery.TenantId, GalleryId = gallery.GalleryId, Version = Version, Document = JsonSerializer.Serialize(this, Json) };

    /// <summary>Whether it is about the embeddings and the scoring that the gallery has now.</summary>
    public bool Fits(GalleryRow gallery) => EmbeddingContract == gallery.EmbeddingContract && Rule == gallery.Rule();

    /// <summary>
    /// Thresholds at rates of one comparison. Rates stricter than the gallery could measure follow the course of the model's table from there on: the
    /// gallery knows where its own similarities lie, the model, measured on millions of pairs, how their tail falls.
    /// </summary>
    public ThresholdBasis ToBasis(EncoderModel model) => new(
        new CalibrationTable(
            Reliable.Select(point => new CalibrationPoint(point.FalseAcceptRate, point.Threshold)),
            model.Calibration.Count > 0 ? new CalibrationTable(model.Calibration) : null,
            ComparisonsEach),
        ComparisonsEach,
        Version);
}
