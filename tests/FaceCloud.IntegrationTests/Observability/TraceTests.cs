using System.Globalization;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Otlp;
using FaceCloud.TestServers.Otlp.Wire;
using Google.Protobuf;
using static FaceCloud.IntegrationTests.Observability.ObservedDeployment;

namespace FaceCloud.IntegrationTests.Observability;

/// <summary>One trace per face, from the client's call through the queue and the encoder's batch to the index.</summary>
public sealed class TraceTests(ObservedDeployment observed) : SystemTests(observed.System), IClassFixture<ObservedDeployment>
{
    private const string UploadCall = "POST /facecloud.ingestion.v1.IngestionService/UploadPhoto";
    private const string IdentifyCall = "POST /facecloud.gallery.v1.GalleryService/Identify";
    private const string EmbedCall = "facecloud.encoder.v1.EncoderService/Embed";

    private static readonly string[] Analysis = ["decode", "detect", "align", "quality"];

    [Fact]
    public async Task UploadPhoto_Enrolled_OneTraceFromTheCallToTheIndex()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);
        var job = await System.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: Cancelled);

        var (client, _) = await TracedAsync(() => System.Ingestion.UploadPhotoAsync(
            new UploadPhotoRequest { JobId = job.JobId, PersonId = "ada", Photo = ByteString.CopyFrom(TestPhotos.Person(1)) }, cancellationToken: Cancelled).ResponseAsync);
        await System.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = job.JobId }, cancellationToken: Cancelled);
        Assert.Equal(1, (await System.UntilCompletedAsync(job.JobId, Cancelled)).Counts.Enrolled);

        var trace = await observed.TraceAsync(
            client.TraceId.ToHexString(), tree => tree.Has(AtIngestion, UploadCall) && tree.Has(AtIngestion, "outcome") && tree.Has(AtGallery, "upsert") && tree.MissingParents.Count == 1, Cancelled);
        TestContext.Current.TestOutputHelper?.WriteLine(trace.ToString());

        // Everything hangs together below the client's own span, the only one that is not exported.
        var call = trace.Single(AtIngestion, UploadCall);
        Assert.Equal((Assert.Single(trace.MissingParents), SpanKind.Server), (call.ParentId, call.Kind));
        var upload = trace.Single(AtIngestion, "upload");
        trace.AssertBelow(upload, call);
        var crop = trace.Publish("CropFaces");
        trace.AssertBelow(crop, upload);
        Assert.All(Analysis, stage => trace.AssertBelow(trace.Single(AtIngestion, stage), crop));
        var encode = trace.Publish("EncodeFace");
        trace.AssertBelow(encode, crop);
        var inference = trace.Single(AtEncoder, "inference");
        Assert.All(["encode", "batch wait"], name => trace.AssertBelow(trace.Single(AtEncoder, name), encode));
        trace.AssertBelow(inference, trace.Single(AtEncoder, "encode"));
        Assert.Equal(("1", "cpu"), (inference.Attributes["facecloud.batch.size"], inference.Attributes["facecloud.execution_provider"]));
        var encoded = trace.Publish("FaceEncoded");
        trace.AssertBelow(encoded, trace.Single(AtEncoder, "encode"));
        var upsert = trace.Single(AtGallery, "upsert");
        trace.AssertBelow(upsert, encoded);
        Assert.Equal("enrolled", upsert.Attributes["facecloud.outcome"]);
        var outcome = trace.Publish("EnrolmentOutcome");
        trace.AssertBelow(outcome, upsert);
        trace.AssertBelow(trace.Single(AtIngestion, "outcome"), outcome);

        // Each message's wait, in the trace of the message and by the service that took it.
        Assert.Equal(
            ["crop-faces", "encode-face", "enrolment-outcome", "face-encoded"],
            trace.Spans.Where(span => span.Name == "queue wait").Select(span => span.Attributes["messaging.destination.name"]).Order());
        Assert.Equal(crop.SpanId, QueueWait(trace, "crop-faces").ParentId);
        Assert.Equal(encode.SpanId, QueueWait(trace, "encode-face").ParentId);

        // The batches are traces of their own, linked there and back; below the gallery's is the index.
        var batch = await LinkedAsync(inference);
        Assert.Equal(("encode batch", "", AtEncoder), (batch.Name, batch.ParentId, batch.Service));
        Assert.Equal(inference.ParentId, Assert.Single(batch.Links));
        var store = await LinkedAsync(upsert);
        Assert.Equal("upsert batch", store.Name);
        Assert.Contains(upsert.SpanId, store.Links);
        var write = await observed.TraceAsync(store.TraceId, tree => tree.Has(AtGallery, "index"), Cancelled);
        write.AssertBelow(write.Single(AtGallery, "index"), store);
    }

    [Fact]
    public async Task Identify_AStranger_OneTraceWithTheEncodersPart()
    {
        var gallery = await System.CreateGalleryAsync(Cancelled);
        await System.EnrolAsync(gallery, "ada", TestPhotos.Person(1), Cancelled);

        var (client, answer) = await TracedAsync(() => System.IdentifyAsync(gallery, TestPhotos.Person(77), Cancelled));

        Assert.Equal(IdentifyOutcome.NotRecognized, answer.Outcome);
        var trace = await observed.TraceAsync(
            client.TraceId.ToHexString(), tree => tree.Has(AtGallery, IdentifyCall) && tree.Has(AtGallery, EmbedCall) && tree.Has(AtEncoder, "inference") && tree.MissingParents.Count == 1, Cancelled);
        TestContext.Current.TestOutputHelper?.WriteLine(trace.ToString());
        var call = trace.Single(AtGallery, IdentifyCall);
        Assert.Equal(Assert.Single(trace.MissingParents), call.ParentId);
        Assert.All(Analysis, stage => trace.AssertBelow(trace.Single(AtGallery, stage), call));
        var embed = trace.Single(AtGallery, EmbedCall);
        Assert.Equal(SpanKind.Client, embed.Kind);
        var served = trace.Single(AtEncoder, "POST /facecloud.encoder.v1.EncoderService/Embed");
        Assert.Equal(embed.SpanId, served.ParentId);
        Assert.All(["batch wait", "inference"], name => trace.AssertBelow(trace.Single(AtEncoder, name), served));
        Assert.Equal("1", trace.Single(AtGallery, "search").Attributes["facecloud.faces"]);
        var decision = trace.Single(AtGallery, "decision");
        Assert.Equal(("identify", "not_recognized"), (decision.Attributes["facecloud.decision.kind"], decision.Attributes["facecloud.outcome"]));
        Assert.True(trace.Single(AtGallery, "search").End <= decision.Start, "The decision began before the search ended.");
    }

    [Fact]
    public async Task Upload_StreamOfPhotos_ATraceEachLinkedToTheCall()
    {
        const int photos = 12;
        var gallery = await System.CreateGalleryAsync(Cancelled);

        var (client, job) = await TracedAsync(() => System.UploadAsync(
            gallery, Enumerable.Range(0, photos).Select(seed => (seed.ToString(CultureInfo.InvariantCulture), TestPhotos.Person(200 + seed))), Cancelled));
        await System.UntilCompletedAsync(job, Cancelled);

        var calls = await observed.TraceAsync(
            client.TraceId.ToHexString(), tree => tree.Has(AtIngestion, "POST /facecloud.ingestion.v1.IngestionService/Upload"), Cancelled);
        var call = calls.Single(AtIngestion, "POST /facecloud.ingestion.v1.IngestionService/Upload");
        var roots = observed.Collector.Spans.Where(span => span.Name == "photo of a stream" && span.Links.Contains(call.SpanId)).ToList();
        Assert.Equal(photos, roots.Select(root => root.TraceId).Distinct().Count());
        foreach (var root in roots)
        {
            Assert.Equal("", root.ParentId);
            var trace = await observed.TraceAsync(root.TraceId, tree => tree.Has(AtIngestion, "outcome") && tree.MissingParents.Count == 0, Cancelled);
            trace.AssertBelow(trace.Single(AtGallery, "upsert"), trace.Single(AtEncoder, "encode"));
            var inference = trace.Single(AtEncoder, "inference");
            Assert.Contains(inference.ParentId, (await LinkedAsync(inference)).Links);
        }
    }

    private static CollectedSpan QueueWait(TraceTree trace, string queue) =>
        Assert.Single(trace.Spans, span => span.Name == "queue wait" && span.Attributes["messaging.destination.name"] == queue);

    // The batch's span ends after those of its items, so it may come later.
    private async Task<CollectedSpan> LinkedAsync(CollectedSpan item)
    {
        CollectedSpan? linked = null;
        await TestServers.Processes.Patience.UntilAsync(
            _ => Task.FromResult((linked = observed.Collector.Spans.FirstOrDefault(span => span.SpanId == Assert.Single(item.Links))) is not null),
            () => $"What '{item.Name}' is linked to was never exported.",
            Cancelled);
        return linked!;
    }
}
