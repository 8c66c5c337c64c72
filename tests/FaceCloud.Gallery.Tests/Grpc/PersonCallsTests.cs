using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Grpc;

public sealed class PersonCallsTests
{
    [Fact]
    public async Task UpsertPerson_NewThenAgain_Replaces()
    {
        await using var host = await GalleryHost.StartAsync();
        var request = new UpsertPersonRequest
        {
            GalleryId = GalleryHost.Staff,
            PersonId = "ada lovelace/1 ✓",
            Name = "Ada",
            ExternalId = "42",
            Metadata = { ["team"] = "maths" },
        };

        await host.Client.UpsertPersonAsync(request);
        request.Name = "Ada L.";
        request.Metadata.Clear();
        await host.Client.UpsertPersonAsync(request);
        var person = await host.Client.GetPersonAsync(new GetPersonRequest { GalleryId = GalleryHost.Staff, PersonId = request.PersonId });

        Assert.Equal(("Ada L.", "42", 0, 0), (person.Name, person.ExternalId, person.Metadata.Count, person.FaceCount));
    }

    [Fact]
    public async Task UpsertPerson_WithoutId_GetsANewOne()
    {
        await using var host = await GalleryHost.StartAsync();

        var one = await host.Client.UpsertPersonAsync(new UpsertPersonRequest { GalleryId = GalleryHost.Staff });
        var other = await host.Client.UpsertPersonAsync(new UpsertPersonRequest { GalleryId = GalleryHost.Staff });

        Assert.NotEmpty(one.PersonId);
        Assert.NotEqual(one.PersonId, other.PersonId);
    }

    public static TheoryData<string> BadIds => new(new string('x', 129), "a\0b", "line\nbreak", "zero\u200bwidth", "\u202eturned");

    [Theory]
    [MemberData(nameof(BadIds))]
    public async Task EveryPersonCall_BadId_InvalidId(string id)
    {
        await using var host = await GalleryHost.StartAsync();
        var probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1));

        await AssertInvalidAsync(host.Client.UpsertPersonAsync(new UpsertPersonRequest { GalleryId = GalleryHost.Staff, PersonId = id }));
        await AssertInvalidAsync(host.Client.GetPersonAsync(new GetPersonRequest { GalleryId = GalleryHost.Staff, PersonId = id }));
        await AssertInvalidAsync(host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = id }));
        await AssertInvalidAsync(host.Client.EnrollFaceAsync(new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = id }));
        await AssertInvalidAsync(host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff, PersonId = id }));
        await AssertInvalidAsync(host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = id, Probe = probe }));

        static Task AssertInvalidAsync<T>(AsyncUnaryCall<T> call) => Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ID", call);
    }

    public static TheoryData<UpsertPersonRequest> BadRequests
    {
        get
        {
            var many = new UpsertPersonRequest();
            for (var i = 0; i < 33; i++)
            {
                many.Metadata.Add($"{i}", "");
            }

            return new(
                many,
                new UpsertPersonRequest { Name = new string('x', 257) },
                new UpsertPersonRequest { ExternalId = "a\0b" },
                new UpsertPersonRequest { Metadata = { [new string('k', 65)] = "" } },
                new UpsertPersonRequest { Metadata = { [""] = "" } },
                new UpsertPersonRequest { Metadata = { ["k"] = new string('v', 1025) } });
        }
    }

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task UpsertPerson_BeyondALimit_InvalidArgument(UpsertPersonRequest request)
    {
        await using var host = await GalleryHost.StartAsync();
        request.GalleryId = GalleryHost.Staff;

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.Client.UpsertPersonAsync(request));
    }

    [Fact]
    public async Task PersonCalls_UnknownPerson_NotFound()
    {
        await using var host = await GalleryHost.StartAsync();
        var probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1));

        await AssertNotFoundAsync(host.Client.GetPersonAsync(new GetPersonRequest { GalleryId = GalleryHost.Staff, PersonId = "eve" }));
        await AssertNotFoundAsync(host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "eve" }));
        await AssertNotFoundAsync(host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff, PersonId = "eve" }));
        await AssertNotFoundAsync(host.Client.VerifyAsync(new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = "eve", Probe = probe }));

        static Task AssertNotFoundAsync<T>(AsyncUnaryCall<T> call) => Failures.AssertFailsAsync(StatusCode.NotFound, "PERSON_NOT_FOUND", call);
    }

    [Fact]
    public async Task DeletePerson_Enrolled_IsNeverNamedAgain()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)), ("bob", GalleryHost.AtCosine(0.9f, 2)));
        var request = new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) };

        var before = await host.Client.IdentifyAsync(request);
        await host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" });
        var after = await host.Client.IdentifyAsync(request);
        var gallery = await host.Client.GetGalleryAsync(new GetGalleryRequest { GalleryId = GalleryHost.Staff });

        Assert.Equal("ada", before.Faces[0].Candidates[0].PersonId);
        Assert.Equal(["bob"], after.Faces[0].Candidates.Select(candidate => candidate.PersonId));
        Assert.Equal((1, 1), (gallery.PersonCount, gallery.FaceCount));
    }
}
