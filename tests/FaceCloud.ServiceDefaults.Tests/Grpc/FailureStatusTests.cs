using FaceCloud.Contracts.Failures;
using FaceCloud.ServiceDefaults.Grpc;
using Google.Rpc;
using Grpc.Core;

namespace FaceCloud.ServiceDefaults.Tests.Grpc;

public sealed class FailureStatusTests
{
    public static TheoryData<FailureReason> EveryReason => new(Enum.GetValues<FailureReason>());

    [Theory]
    [MemberData(nameof(EveryReason))]
    public void ToRpcException_EveryReason_CarriesStatusReasonAndSentence(FailureReason reason)
    {
        var exception = FailureStatus.ToRpcException(reason, "Do this.");

        var info = exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!;
        Assert.NotEqual(StatusCode.OK, exception.StatusCode);
        Assert.NotEqual(StatusCode.Unknown, exception.StatusCode);
        Assert.Equal(FailureStatus.Code(reason), exception.StatusCode);
        Assert.Equal("Do this.", exception.Status.Detail);
        Assert.Equal((FailureStatus.Domain, reason.ToWire()), (info.Domain, info.Reason));
    }

    [Fact]
    public void ToWire_AllReasons_AreDifferentWordsInCapitals()
    {
        var names = Enum.GetValues<FailureReason>().Select(reason => reason.ToWire()).ToArray();

        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.Matches("^[A-Z]+(_[A-Z]+)*$", name));
        Assert.Equal("GALLERY_NOT_FOUND", FailureReason.GalleryNotFound.ToWire());
    }

    [Fact]
    public void Code_ReasonThatIsNone_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FailureStatus.Code((FailureReason)9999));
    }
}
