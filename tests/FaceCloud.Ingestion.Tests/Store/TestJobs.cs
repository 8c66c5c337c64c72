using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using FaceCloud.Contracts.Events;
using FaceCloud.Ingestion.Enrolment;
using FaceCloud.Ingestion.Photos;
using FaceCloud.Ingestion.Store;
using FaceCloud.Ingestion.Tests.Photos;
using FaceCloud.ServiceDefaults.Lifetime;
using FaceCloud.Vision;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FaceCloud.Ingestion.Tests.Store;

/// <summary>The domain on a fresh store of either engine, with a bus that nobody listens to.</summary>
internal sealed class TestJobs : IAsyncDisposable
{
    public const string Tenant = Tenants.Default;
    public const string JobId = "load";

    private readonly TestStore _contexts;
    private readonly ServiceProvider _services;
    private readonly ItemBook _book;

    private TestJobs(TestStore contexts, ServiceProvider services)
    {
        _contexts = contexts;
        _services = services;
        Store = new IngestionStore(contexts);
        var options = Options.Create(new IngestionOptions());
        var commands = new CropCommands(services.GetRequiredService<IBus>(), options, TimeProvider.System);
        _book = new ItemBook(Store, options, Time);
        Jobs = new EnrolmentJobs(Store, Photos, _book, commands, new IntakeGate(Store, options, Time), options, Options.Create(new VisionOptions()), Time, NullLogger<EnrolmentJobs>.Instance);
        Book = new OutcomeBook(Store, Photos, Time, NullLogger<OutcomeBook>.Instance);
        Cancelled = new CancelledJobs(Store, Photos, services.GetRequiredService<IBus>(), NullLogger<CancelledJobs>.Instance);
        Control = new JobControl(Store, Cancelled, options, Time, NullLogger<JobControl>.Instance);
        Gate = new CropGate(Store);
        Held = new HeldItems(
            Store, commands, services.GetRequiredService<IBusControl>(), options, new StartSteps(), Time, NullLogger<HeldItems>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public IPhotoStore Photos { get; } = new GatedPhotoStore(blocked: 0);

    public IngestionStore Store { get; }

    public EnrolmentJobs Jobs { get; }

    public OutcomeBook Book { get; }

    public CancelledJobs Cancelled { get; }

    public JobControl Control { get; }

    public CropGate Gate { get; }

    public HeldItems Held { get; }

    public static async Task<TestJobs> CreateAsync(Engine engine)
    {
        var contexts = await TestStore.CreateAsync(engine);
        var services = new ServiceCollection().AddLogging().AddMassTransitTestHarness().BuildServiceProvider();
        await services.GetRequiredService<ITestHarness>().Start();
        return new TestJobs(contexts, services);
    }

    public Task<EnrolmentJob> StartAsync(string tenant = Tenant, string jobId = JobId, JobPriority priority = JobPriority.Normal) =>
        Jobs.StartAsync(tenant, jobId, new JobTerms { GalleryId = "staff", Priority = priority }, CancellationToken.None);

    public Task<EnrolmentJob> GetAsync() => Jobs.GetAsync(Tenant, JobId, CancellationToken.None);

    public Task<EnrolmentItem> AcceptAsync(int photo, string tenant = Tenant, string jobId = JobId) => Jobs.AcceptAsync(
        tenant,
        new NewPhoto { JobId = jobId, PersonId = $"person-{photo}", PersonName = "", Source = "", Bytes = BitConverter.GetBytes(photo) },
        CancellationToken.None);

    public Task BookAsync(params EnrolmentOutcome[] outcomes) => Book.BookAsync(outcomes, CancellationToken.None);

    public static EnrolmentOutcome Outcome(EnrolmentItem item, EnrolOutcome outcome = EnrolOutcome.Enrolled) => new()
    {
        Target = new EnrolmentTarget
        {
            TenantId = item.TenantId,
            JobId = item.JobId,
            ItemId = item.ItemId,
            GalleryId = "staff",
            PersonId = item.PersonId,
            PhotoSha256 = item.PhotoSha256,
            AcceptedAt = item.CreatedAt,
            Attempt = item.Attempt,
        },
        Outcome = outcome,
        FaceId = outcome is EnrolOutcome.Enrolled or EnrolOutcome.Duplicate ? Guid.NewGuid() : null,
        Reasons = outcome == EnrolOutcome.RejectedQuality ? [QualityReason.LowSharpness, QualityReason.ExtremePose] : [],
        ErrorReason = outcome == EnrolOutcome.Failed ? "PHOTO_DAMAGED" : null,
        Message = "Said for people.",
    };

    /// <summary>Outcomes that were published.</summary>
    public IReadOnlyList<EnrolmentOutcome> Outcomes() =>
        [.. _services.GetRequiredService<ITestHarness>().Published.Select<EnrolmentOutcome>().Select(message => message.Context.Message)];

    /// <summary>Commands that were published.</summary>
    public int Commands() => _services.GetRequiredService<ITestHarness>().Published.Select<CropFaces>().Count();

    public async ValueTask DisposeAsync()
    {
        await _book.DisposeAsync();
        await Gate.DisposeAsync();
        await _services.DisposeAsync();
        Store.Dispose();
        await _contexts.DisposeAsync();
    }
}
