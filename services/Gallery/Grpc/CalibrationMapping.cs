using FaceCloud.Gallery.Calibration;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Fitting;
using FaceCloud.Inference.Models;
using Google.Protobuf.WellKnownTypes;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

internal static class CalibrationMapping
{
    private const int MaxRates = 20;

    public static IReadOnlyList<double> ToRates(V1.CalibrateGalleryRequest request) =>
        request.FalseAcceptRates.Count <= MaxRates
            ? [.. request.FalseAcceptRates.Select(rate => RequestChecks.Rate(rate, "false_accept_rates"))]
            : throw RequestChecks.Invalid($"false_accept_rates must have at most {MaxRates} values.");

    public static int? ToVersion(V1.RollbackCalibrationRequest request) =>
        !request.HasVersion ? null : request.Version >= 0 ? request.Version : throw RequestChecks.Invalid("version must be 0 or more.");

    public static V1.CalibrateGalleryResponse ToProto(CalibrationRun run) => new()
    {
        Calibration = ToProto(run.Calibration, run.IsActive ? V1.CalibrationState.Active : V1.CalibrationState.Inactive),
        VerifyThreshold = ThresholdMapping.ToProto(run.Verify),
        IdentifyThreshold = ThresholdMapping.ToProto(run.Identify),
        IdentifyThresholdOfModel = run.IdentifyByModel is { } model ? ThresholdMapping.ToProto(model) : null,
    };

    public static V1.ListCalibrationsResponse ToProto(GalleryRow gallery, IReadOnlyList<GalleryCalibration> calibrations)
    {
        var active = calibrations.FirstOrDefault(calibration => State(gallery, calibration) == V1.CalibrationState.Active);
        return new V1.ListCalibrationsResponse
        {
            Calibrations = { calibrations.Select(calibration => ToProto(calibration, State(gallery, calibration))) },
            ActiveVersion = active?.Version ?? 0,
        };
    }

    private static V1.CalibrationState State(GalleryRow gallery, GalleryCalibration calibration) =>
        !calibration.Fits(gallery)
            ? V1.CalibrationState.Invalid
            : calibration.Version == gallery.ActiveCalibration ? V1.CalibrationState.Active : V1.CalibrationState.Inactive;

    private static V1.Calibration ToProto(GalleryCalibration calibration, V1.CalibrationState state) => new()
    {
        Version = calibration.Version,
        State = state,
        EmbeddingContract = calibration.EmbeddingContract,
        Scoring = (V1.PersonScoring)calibration.Rule.Kind,
        MeanOfBest = calibration.Rule.MeanOfBest,
        CreatedAt = calibration.CreatedAt.ToTimestamp(),
        Persons = calibration.Persons,
        PersonsOfGallery = calibration.PersonsOfGallery,
        Faces = calibration.Faces,
        GenuinePersons = calibration.GenuinePersons,
        GenuineComparisons = calibration.GenuineComparisons,
        ImpostorComparisons = calibration.ImpostorComparisons,
        Rates = { calibration.Points.Select(ToProto) },
        HasHead = calibration.Head is not null,
        HeadNote = calibration.HeadNote,
    };

    private static V1.CalibrationRate ToProto(OperatingPoint point)
    {
        var rate = new V1.CalibrationRate
        {
            FalseAcceptRate = point.FalseAcceptRate,
            Threshold = point.Threshold,
            ThresholdInterval = ToProto(point.ThresholdInterval),
            FalseAccepts = point.FalseAccepts,
            PersonPairs = point.PersonPairs,
            Refusal = point.Refusal ?? "",
        };
        if (double.IsFinite(point.TrueAcceptRate))
        {
            rate.TrueAcceptRate = point.TrueAcceptRate;
            rate.TrueAcceptInterval = ToProto(point.TrueAcceptInterval);
        }

        return rate;
    }

    private static V1.Interval? ToProto(CalibrationInterval interval) =>
        double.IsFinite(interval.Low) && double.IsFinite(interval.High) ? new V1.Interval { Low = interval.Low, High = interval.High } : null;
}
