using FaceCloud.Contracts.Failures;

namespace FaceCloud.Ingestion.Store;

/// <summary>Failures of an item that may not happen again once something else is in order: a service is back, a gallery is made, a model is set right.</summary>
public static class FailureHealing
{
    private static readonly HashSet<string> Names =
    [
        .. new[]
        {
            FailureReason.Internal,
            FailureReason.GalleryNotFound,
            FailureReason.ContractMismatch,
            FailureReason.EncoderBusy,
            FailureReason.EncoderUnavailable,
            FailureReason.StoreUnavailable,
            FailureReason.BrokerUnavailable,
            FailureReason.IndexUnavailable,
            FailureReason.IndexRefused,
            FailureReason.IndexMismatch,
            FailureReason.IndexBusy,
        }.Select(reason => reason.ToWire()),
    ];

    /// <summary>Wire names of the reasons that may heal.</summary>
    public static IReadOnlyCollection<string> Reasons => Names;

    /// <param name="errorReason">Wire name; anyone may publish outcomes, so it may be one that nobody knows.</param>
    public static bool MayHeal(string? errorReason) => errorReason is not null && Names.Contains(errorReason);
}
