using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Gallery.Doctor;

/// <summary>The receptionist of the doctor.</summary>
public sealed class DoctorGrpcService(GalleryDoctor doctor, TimeProvider time) : DoctorService.DoctorServiceBase
{
    public override async Task<ExamineResponse> Examine(ExamineRequest request, ServerCallContext context)
    {
        var started = time.GetTimestamp();
        var findings = await doctor.ExamineAsync(DoctorMapping.ToExamination(request), context.CancellationToken);
        return DoctorMapping.ToProto(findings, time.GetElapsedTime(started));
    }
}
