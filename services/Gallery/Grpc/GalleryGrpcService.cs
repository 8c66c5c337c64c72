using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Calibration;
using FaceCloud.Gallery.Enrolment;
using FaceCloud.Gallery.Identification;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;
using FaceCloud.Gallery.Verification;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.ServiceDefaults.Grpc;
using FaceCloud.Vision;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

/// <summary>The receptionist: checks the request, makes one call, maps the answer.</summary>
public sealed partial class GalleryGrpcService(
    GalleryStore store,
    GalleryWriter writer,
    IndexState index,
    FaceEnroller enroller,
    Verifier verifier,
    Identifier identifier,
    GalleryCalibrator calibrator,
    FaceAnalyzer analyzer,
    IOptions<VisionOptions> vision,
    IOptions<GalleryOptions> options,
    TimeProvider time) : GalleryService.GalleryServiceBase
{
    // ---- galleries ----

    public override async Task<V1.Gallery> CreateGallery(CreateGalleryRequest request, ServerCallContext context)
    {
        var gallery = GalleryMapping.ToRow(request, time.GetUtcNow());
        return await store.CreateGalleryAsync(gallery, context.CancellationToken)
            ? GalleryMapping.ToProto(new GallerySummary(gallery, 0, 0))
            : throw new FailureException(FailureReason.GalleryExists, $"There is a gallery '{gallery.GalleryId}' already; use it, or choose another id.");
    }

    public override Task<V1.Gallery> GetGallery(GetGalleryRequest request, ServerCallContext context) =>
        SummarizeAsync(RequestChecks.Gallery(request.GalleryId), context.CancellationToken);

    public override async Task<ListGalleriesResponse> ListGalleries(ListGalleriesRequest request, ServerCallContext context)
    {
        var size = RequestChecks.PageSize(request.PageSize);
        var after = PageTokens.Read<string>(request.PageToken, "galleries", Tenants.Default) ?? "";
        var page = await store.ListGalleriesAsync(Tenants.Default, after, size + 1, context.CancellationToken);
        return new ListGalleriesResponse
        {
            Galleries = { page.Take(size).Select(GalleryMapping.ToProto) },
            NextPageToken = page.Count > size ? PageTokens.Make(page[size - 1].Gallery.GalleryId, "galleries", Tenants.Default) : "",
        };
    }

    public override async Task<V1.Gallery> UpdateGallery(UpdateGalleryRequest request, ServerCallContext context)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        var change = GalleryMapping.ToChange(request);
        return await store.UpdateGalleryAsync(key, change, context.CancellationToken)
            ? await SummarizeAsync(key, context.CancellationToken)
            : throw GalleryStore.NoGallery(key);
    }

    public override async Task<Empty> DeleteGallery(DeleteGalleryRequest request, ServerCallContext context)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        await index.RequireAsync(context.CancellationToken);
        return await writer.DeleteGalleryAsync(key, context.CancellationToken) ? new Empty() : throw GalleryStore.NoGallery(key);
    }

    // ---- persons ----

    public override async Task<Person> UpsertPerson(UpsertPersonRequest request, ServerCallContext context)
    {
        var person = PersonMapping.ToRow(request, time.GetUtcNow());
        var summary = await store.UpsertPersonAsync(person, context.CancellationToken);
        return PersonMapping.ToProto(summary ?? throw GalleryStore.NoGallery(new GalleryKey(person.TenantId, person.GalleryId)));
    }

    public override async Task<Person> GetPerson(GetPersonRequest request, ServerCallContext context)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        var personId = RequestChecks.Person(request.PersonId);
        return await store.FindPersonAsync(key, personId, context.CancellationToken) is { } person
            ? PersonMapping.ToProto(person)
            : throw await NothingOfAsync(key, GalleryStore.NoPerson(personId), context.CancellationToken);
    }

    public override async Task<ListPersonsResponse> ListPersons(ListPersonsRequest request, ServerCallContext context)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        var size = RequestChecks.PageSize(request.PageSize);
        var after = PageTokens.Read<string>(request.PageToken, "persons", key.TenantId, key.GalleryId) ?? "";
        await store.GetGalleryAsync(key, context.CancellationToken);
        var page = await store.ListPersonsAsync(key, after, size + 1, context.CancellationToken);
        return new ListPersonsResponse
        {
            Persons = { page.Take(size).Select(PersonMapping.ToProto) },
            NextPageToken = page.Count > size ? PageTokens.Make(page[size - 1].Person.PersonId, "persons", key.TenantId, key.GalleryId) : "",
        };
    }

    public override async Task<Empty> DeletePerson(DeletePersonRequest request, ServerCallContext context)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        var personId = RequestChecks.Person(request.PersonId);
        await index.RequireAsync(context.CancellationToken);
        return await writer.DeletePersonAsync(key, personId, context.CancellationToken)
            ? new Empty()
            : throw await NothingOfAsync(key, GalleryStore.NoPerson(personId), context.CancellationToken);
    }

    // ---- faces ----

    public override async Task<EnrollFaceResponse> EnrollFace(EnrollFaceRequest request, ServerCallContext context)
    {
        var started = time.GetTimestamp();
        var answer = await enroller.EnrolAsync(FaceMapping.ToRequest(request), context.CancellationToken);
        Telemetry.CountEnrolment(answer.Outcome);
        Telemetry.CountRejections(answer.Reasons);
        return FaceMapping.ToProto(answer, options.Value.HighQuality, time.GetElapsedTime(started));
    }

    public override async Task<ListFacesResponse> ListFaces(ListFacesRequest request, ServerCallContext context)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        var personId = request.PersonId.Length > 0 ? RequestChecks.Person(request.PersonId) : null;
        var size = RequestChecks.PageSize(request.PageSize);
        var after = PageTokens.Read<string>(request.PageToken, "faces", key.TenantId, key.GalleryId, request.PersonId) ?? "";
        await store.GetGalleryAsync(key, context.CancellationToken);
        if (personId is not null && await store.FindPersonAsync(key, personId, context.CancellationToken) is null)
        {
            throw GalleryStore.NoPerson(personId);
        }

        var page = await store.ListFacesAsync(key, personId, after.Length > 0 ? Guid.Parse(after) : null, size + 1, context.CancellationToken);
        return new ListFacesResponse
        {
            Faces = { page.Take(size).Select(face => FaceMapping.ToProto(face, options.Value.HighQuality)) },
            NextPageToken = page.Count > size
                ? PageTokens.Make(page[size - 1].FaceId.ToString(), "faces", key.TenantId, key.GalleryId, request.PersonId)
                : "",
        };
    }

    public override async Task<Empty> DeleteFace(DeleteFaceRequest request, ServerCallContext context)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        var faceId = RequestChecks.Face(request.FaceId);
        await index.RequireAsync(context.CancellationToken);
        return await writer.DeleteFaceAsync(key, faceId, context.CancellationToken)
            ? new Empty()
            : throw await NothingOfAsync(
                key,
                new FailureException(FailureReason.FaceNotFound, $"There is no face '{faceId}' in the gallery; it may have been deleted before."),
                context.CancellationToken);
    }

    // ---- decisions ----

    public override async Task<VerifyResponse> Verify(VerifyRequest request, ServerCallContext context)
    {
        var started = time.GetTimestamp();
        var answer = await verifier.VerifyAsync(VerifyMapping.ToQuery(request), context.CancellationToken);
        Telemetry.CountDecision(answer.Outcome);
        Telemetry.CountRejections(answer.Face?.Reasons ?? []);
        return VerifyMapping.ToProto(answer, options.Value.HighQuality, time.GetElapsedTime(started));
    }

    public override async Task<IdentifyResponse> Identify(IdentifyRequest request, ServerCallContext context)
    {
        var started = time.GetTimestamp();
        var answer = await identifier.IdentifyAsync(IdentifyMapping.ToQuery(request), context.CancellationToken);
        Telemetry.CountDecisions(answer.Faces.Select(face => face.Outcome));
        Telemetry.CountRejections(answer.Faces.SelectMany(face => face.Face.Reasons));
        return IdentifyMapping.ToProto(answer, options.Value.HighQuality, time.GetElapsedTime(started));
    }

    public override async Task<DetectResponse> Detect(DetectRequest request, ServerCallContext context)
    {
        var started = time.GetTimestamp();
        var maxFaces = RequestChecks.Count(request.MaxFaces, "max_faces", options.Value.MaxFaces, options.Value.MaxFaces);

        // The enrolment gate, so that the answer says which faces could be enrolled.
        var photo = await analyzer.AnalyzeAsync(request.Photo.Memory, vision.Value.Enrolment, maxFaces, context.CancellationToken);
        return new DetectResponse
        {
            Faces = { photo.Faces.Select(face => FaceMapping.ToProto(face, photo, options.Value.HighQuality)) },
            FacesFound = photo.FacesFound,
            PhotoWidth = photo.Width,
            PhotoHeight = photo.Height,
            Timings = FaceMapping.ToProto(new StageTimes().With(photo), time.GetElapsedTime(started)),
        };
    }

    private async Task<V1.Gallery> SummarizeAsync(GalleryKey key, CancellationToken cancellationToken) =>
        GalleryMapping.ToProto(await store.SummarizeGalleryAsync(key, cancellationToken) ?? throw GalleryStore.NoGallery(key));

    /// <summary>What is missing: the thing itself, or its gallery.</summary>
    private async Task<FailureException> NothingOfAsync(GalleryKey key, FailureException missing, CancellationToken cancellationToken) =>
        await store.FindGalleryAsync(key, cancellationToken) is null ? GalleryStore.NoGallery(key) : missing;
}
