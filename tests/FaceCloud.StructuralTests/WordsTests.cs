using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Inference.Models;
using FaceCloud.ServiceDefaults.Grpc;
using FaceCloud.ServiceDefaults.Storage;
using Grpc.Core;
using IngestionV1 = FaceCloud.Protos.Ingestion.V1;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.StructuralTests;

/// <summary>Words that stand in two places are the same in both.</summary>
public sealed class WordsTests
{
    [Fact]
    public void QualityReason_ContractsAndProto_SameNamesAndNumbers() =>
        AssertSame<QualityReason, V1.QualityReason>();

    [Fact]
    public void EnrolOutcome_ContractsAndProto_SameNamesAndNumbers() =>
        AssertSame<EnrolOutcome, V1.EnrolOutcome>();

    [Fact]
    public void OnDuplicate_ContractsAndProto_SameNamesAndNumbers() =>
        AssertSame<OnDuplicate, IngestionV1.OnDuplicate>();

    [Fact]
    public void JobPriority_StoreAndProto_SameNamesAndNumbers() =>
        AssertSame<FaceCloud.Ingestion.Store.JobPriority, IngestionV1.JobPriority>();

    [Fact]
    public void JobState_StoreAndProto_SameNamesAndNumbers() =>
        AssertSame<FaceCloud.Ingestion.Store.JobState, IngestionV1.JobState>();

    [Fact]
    public void ReportFormat_ReportsAndProto_SameNamesAndNumbers() =>
        AssertSame<FaceCloud.Ingestion.Reports.ReportFormat, IngestionV1.ReportFormat>();

    [Fact]
    public void StorageDirectory_ServicesAndModels_SameDefault() =>
        Assert.Equal(ModelsOptions.DefaultStorage, new StorageOptions().Directory);

    [Theory]
    [MemberData(nameof(Reasons))]
    public void FailureReason_Each_HasAStatusAndAWireName(FailureReason reason)
    {
        Assert.NotEqual(StatusCode.OK, FailureStatus.Code(reason));
        Assert.Matches("^[A-Z]+(_[A-Z]+)*$", reason.ToWire());
    }

    public static TheoryData<FailureReason> Reasons() => [.. Enum.GetValues<FailureReason>()];

    // The proto has UNSPECIFIED at zero, and nothing else more.
    private static void AssertSame<TOurs, TProto>()
        where TOurs : struct, Enum
        where TProto : struct, Enum
    {
        var ours = Enum.GetValues<TOurs>().Select(value => (value.ToString(), Convert.ToInt32(value)));
        var proto = Enum.GetValues<TProto>().Select(value => (value.ToString(), Convert.ToInt32(value)));

        Assert.Equal(ours.Prepend(("Unspecified", 0)).Order(), proto.Order());
    }
}
