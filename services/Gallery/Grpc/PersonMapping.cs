using FaceCloud.Contracts;
using FaceCloud.Gallery.Store;
using Google.Protobuf.WellKnownTypes;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Grpc;

internal static class PersonMapping
{
    public const int MaxNameLength = 256;

    private const int MaxEntries = 32;
    private const int MaxKeyLength = 64;
    private const int MaxValueLength = 1024;

    public static PersonRow ToRow(V1.UpsertPersonRequest request, DateTimeOffset now)
    {
        var key = RequestChecks.Gallery(request.GalleryId);
        Ids.CheckText("external_id", request.ExternalId, MaxNameLength);
        Ids.CheckText("name", request.Name, MaxNameLength);
        CheckMetadata(request.Metadata);
        return new PersonRow
        {
            TenantId = key.TenantId,
            GalleryId = key.GalleryId,
            PersonId = request.PersonId.Length == 0 ? Guid.CreateVersion7(now).ToString() : RequestChecks.Person(request.PersonId),
            ExternalId = request.ExternalId,
            Name = request.Name,
            Metadata = new Dictionary<string, string>(request.Metadata, StringComparer.Ordinal),
            CreatedAt = now,
        };
    }

    public static V1.Person ToProto(PersonSummary summary) => new()
    {
        GalleryId = summary.Person.GalleryId,
        PersonId = summary.Person.PersonId,
        ExternalId = summary.Person.ExternalId,
        Name = summary.Person.Name,
        Metadata = { summary.Person.Metadata },
        FaceCount = summary.Faces,
        CreatedAt = summary.Person.CreatedAt.ToTimestamp(),
    };

    private static void CheckMetadata(IDictionary<string, string> metadata)
    {
        if (metadata.Count > MaxEntries)
        {
            throw RequestChecks.Invalid($"metadata must have at most {MaxEntries} entries.");
        }

        foreach (var (key, value) in metadata)
        {
            if (key.Length == 0)
            {
                throw RequestChecks.Invalid("A metadata key must not be empty.");
            }

            Ids.CheckText("A metadata key", key, MaxKeyLength);
            if (value.Length > MaxValueLength)
            {
                throw RequestChecks.Invalid($"A metadata value must have at most {MaxValueLength} characters.");
            }
        }
    }
}
