using FaceCloud.Gallery.Store;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Gallery.Grpc;

/// <content>Calibrations of galleries on themselves.</content>
public sealed partial class GalleryGrpcService
{
    public override async Task<CalibrateGalleryResponse> CalibrateGallery(CalibrateGalleryRequest request, ServerCallContext context)
    {
        var run = await calibrator.CalibrateAsync(
            RequestChecks.Gallery(request.GalleryId),
            CalibrationMapping.ToRates(request),
            activate: !request.KeepInactive,
            request.DryRun,
            context.CancellationToken);
        return CalibrationMapping.ToProto(run);
    }

    public override Task<ListCalibrationsResponse> ListCalibrations(ListCalibrationsRequest request, ServerCallContext context) =>
        CalibrationsAsync(RequestChecks.Gallery(request.GalleryId), context.CancellationToken);

    public override async Task<ListCalibrationsResponse> RollbackCalibration(RollbackCalibrationRequest request, ServerCallContext context)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        await store.ActivateCalibrationAsync(key, CalibrationMapping.ToVersion(request), context.CancellationToken);
        return await CalibrationsAsync(key, context.CancellationToken);
    }

    private async Task<ListCalibrationsResponse> CalibrationsAsync(GalleryKey key, CancellationToken cancellationToken)
    {
        var (gallery, calibrations) = await store.ListCalibrationsAsync(key, cancellationToken);
        return CalibrationMapping.ToProto(gallery, calibrations);
    }
}
