using FaceCloud.Contracts.Events;
using FaceCloud.Contracts.Failures;

namespace FaceCloud.Contracts.Tests;

public sealed class MessageChecksTests
{
    private static readonly EnrolmentTarget Good = new()
    {
        TenantId = "default",
        JobId = "job-1",
        ItemId = Guid.NewGuid(),
        GalleryId = "staff",
        PersonId = "ada",
        PhotoSha256 = new string('a', 64),
        AcceptedAt = DateTimeOffset.UnixEpoch,
    };

    private static readonly EnrolmentOutcome GoodOutcome = new() { Target = Good, Outcome = EnrolOutcome.Enrolled };

    public static TheoryData<string, EnrolmentTarget?> BadTargets => new()
    {
        { "target", null },
        { "target.tenantId", Good with { TenantId = null! } },
        { "target.tenantId", Good with { TenantId = "" } },
        { "target.tenantId", Good with { TenantId = new string('t', 65) } },
        { "target.tenantId", Good with { TenantId = "de\0fault" } },
        { "target.jobId", Good with { JobId = null! } },
        { "target.jobId", Good with { JobId = "" } },
        { "target.jobId", Good with { JobId = "Job 1" } },
        { "target.jobId", Good with { JobId = new string('j', 65) } },
        { "target.itemId", Good with { ItemId = Guid.Empty } },
    };

    public static TheoryData<string, EnrolmentOutcome> BadOutcomes => new()
    {
        { "target", GoodOutcome with { Target = null! } },
        { "target.jobId", GoodOutcome with { Target = Good with { JobId = "Job 1" } } },
        { "outcome", GoodOutcome with { Outcome = 0 } },
        { "outcome", GoodOutcome with { Outcome = (EnrolOutcome)99 } },
        { "reasons", GoodOutcome with { Reasons = null! } },
        { "reasons", GoodOutcome with { Reasons = [QualityReason.NoFace, (QualityReason)99] } },
        { "errorReason", GoodOutcome with { ErrorReason = new string('R', 65) } },
        { "errorReason", GoodOutcome with { ErrorReason = "A\0B" } },
        { "message", GoodOutcome with { Message = "a\0b" } },
    };

    [Fact]
    public void Target_Complete_Passes() => MessageChecks.Target(Good with { TenantId = new string('t', 64), JobId = new string('j', 64) });

    [Theory]
    [MemberData(nameof(BadTargets))]
    public void Target_SomethingMissingOrWrong_NamesTheField(string field, EnrolmentTarget? target) =>
        AssertRefused(field, () => MessageChecks.Target(target));

    [Fact]
    public void Outcome_Complete_Passes() => MessageChecks.Outcome(
        GoodOutcome with { Outcome = EnrolOutcome.Failed, Reasons = [QualityReason.NoFace], ErrorReason = new string('R', 64), Message = "why" });

    [Fact]
    public void Outcome_RefusalOfAPhotoThatIsNoItem_Passes() => MessageChecks.Outcome(
        GoodOutcome with { Outcome = EnrolOutcome.Failed, Target = Good with { ItemId = Guid.Empty, JobId = "No job at all" } });

    [Theory]
    [MemberData(nameof(BadOutcomes))]
    public void Outcome_SomethingMissingOrWrong_NamesTheField(string field, EnrolmentOutcome outcome) =>
        AssertRefused(field, () => MessageChecks.Outcome(outcome));

    private static void AssertRefused(string field, Action check)
    {
        var failure = Assert.Throws<FailureException>(check);

        Assert.Equal((FailureReason.InvalidArgument, $"The message's {field} is missing or wrong."), (failure.Reason, failure.Message));
    }
}
