using FaceCloud.FakeQdrant;
using FaceCloud.Gallery.Tests.Grpc;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using Grpc.Core;
using static FaceCloud.Gallery.Tests.Index.Qdrant.QdrantGallery;

namespace FaceCloud.Gallery.Tests.Index.Qdrant;

/// <summary>The whole service on Qdrant, in good days and bad: reasons, an untouched store, and repair of what was missed.</summary>
public sealed class QdrantGalleryTests : IAsyncLifetime
{
    private FakeQdrantServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await FakeQdrantServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task EnrolIdentifyDelete_OnQdrant_AnswerAsOnTheEmbeddedIndex()
    {
        await using var host = await StartAsync(_server);
        await using var embedded = await GalleryHost.StartAsync();

        var answers = new List<IdentifyResponse>();
        foreach (var each in new[] { host, embedded })
        {
            await each.EnrolAsync("ada", TestPhotos.Person(1));
            await each.EnrolAsync("bob", TestPhotos.Person(2));
            await each.EnrolAsync("gone", TestPhotos.Person(3));
            await each.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "gone" });
            answers.Add(await each.Client.IdentifyAsync(
                new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1, 1)), IncludeBelowThreshold = true }));
        }

        Assert.Equal(IdentifyOutcome.Recognized, answers[0].Outcome);
        Assert.Equal(answers[1].Faces, answers[0].Faces);
        Assert.Equal(answers[1].Threshold, answers[0].Threshold);
        Assert.Equal(2, answers[0].Threshold.GallerySize);
        Assert.Equal(2, _server.Points);
    }

    // ---- down ----

    [Fact]
    public async Task Start_QdrantDown_WaitsSaysSoAndIsReadyWhenItIsThere()
    {
        await _server.StopAsync();
        await using var host = await StartAsync(_server, settings: [("Gallery:IndexWait", "00:00:00.010")]);

        await UntilAsync(async () => (await HealthAsync(host)).Description.Contains("does not answer", StringComparison.Ordinal));
        var waiting = await HealthAsync(host);
        await Failures.AssertFailsAsync(
            StatusCode.Unavailable, "INDEX_UNAVAILABLE", host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) }));
        await _server.StartAgainAsync();
        await UntilAsync(async () => (await HealthAsync(host)).Status == "Healthy");

        Assert.Equal("Unhealthy", waiting.Status);
        Assert.Contains(_server.Address.ToString(), waiting.Description, StringComparison.Ordinal);
        Assert.Equal(EnrolOutcome.Enrolled, (await host.EnrolAsync("ada", TestPhotos.Person(1))).Outcome);
    }

    [Fact]
    public async Task Calls_QdrantGoesDown_UnavailableStoreUntouchedAndHealthSaysSo()
    {
        await using var host = await StartAsync(_server);
        await host.EnrolAsync("ada", TestPhotos.Person(1));

        await _server.StopAsync();
        await Failures.AssertFailsAsync(StatusCode.Unavailable, "INDEX_UNAVAILABLE", Enrol(host, "bob", TestPhotos.Person(2)));
        await Failures.AssertFailsAsync(
            StatusCode.Unavailable, "INDEX_UNAVAILABLE", host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" }));
        await Failures.AssertFailsAsync(
            StatusCode.Unavailable, "INDEX_UNAVAILABLE", host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)) }));
        await UntilAsync(async () => (await HealthAsync(host)).Status == "Unhealthy");
        var stored = await StoredFacesAsync(host);
        await _server.StartAgainAsync();
        await UntilAsync(async () => (await HealthAsync(host)).Status == "Healthy");

        Assert.Equal(1, stored);
        Assert.Equal(EnrolOutcome.Enrolled, (await host.EnrolAsync("bob", TestPhotos.Person(2))).Outcome);
    }

    [Fact]
    public async Task Calls_QdrantSlow_UnavailableWithTheDeadline()
    {
        await using var host = await StartAsync(_server, settings: [("Qdrant:ReadTimeout", "00:00:03")]);
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)));
        _server.Delay("Points/QueryGroups", TimeSpan.FromMinutes(5));

        var failure = await Assert.ThrowsAsync<RpcException>(() => IdentifyAsync(host, GalleryHost.AtCosine(1, 1)));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("did not answer within 3 s", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_WrongKey_FailedPreconditionStoreUntouched()
    {
        await using var server = await FakeQdrantServer.StartAsync(new FakeQdrantOptions { ApiKey = "right", ReadOnlyKey = "reader" });
        await using var host = await StartAsync(server, settings: [("Qdrant:ApiKey", "reader")]);

        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "INDEX_REFUSED", Enrol(host, "ada", TestPhotos.Person(1)));

        Assert.Equal(0, await StoredFacesAsync(host));
    }

    [Fact]
    public async Task Start_WrongKey_IsNotReadyAndSaysWhy()
    {
        await using var server = await FakeQdrantServer.StartAsync(new FakeQdrantOptions { ApiKey = "right" });
        await using var host = await StartAsync(server, settings: [("Qdrant:ApiKey", "wrong"), ("Gallery:IndexWait", "00:00:00.010")]);

        await UntilAsync(async () => (await HealthAsync(host)).Description.Contains("Qdrant:ApiKey", StringComparison.Ordinal));
        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "INDEX_REFUSED", Enrol(host, "ada", TestPhotos.Person(1)));

        Assert.Equal("Unhealthy", (await HealthAsync(host)).Status);
        Assert.Equal(0, await StoredFacesAsync(host));
    }

    [Fact]
    public async Task Calls_CollectionOfAnotherDimension_FailedPreconditionStoreUntouched()
    {
        await using var host = await StartAsync(_server);
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        var alias = _server.Aliases.Keys.Single();
        _server.MakeCollection(alias + ".9", size: 9, alias);

        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "INDEX_MISMATCH", Enrol(host, "bob", TestPhotos.Person(2)));

        Assert.Equal(1, await StoredFacesAsync(host));
    }

    [Fact]
    public async Task Identify_GalleryDeletedMeanwhile_IsNotFound()
    {
        await using var host = await StartAsync(_server);
        await host.StoreAsync(("ada", GalleryHost.AtCosine(1, 1)));
        _server.ForgetCalls();
        _server.Delay("Points/QueryGroups", TimeSpan.FromSeconds(2));

        var identifying = host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(1, 1)) });
        await UntilAsync(() => Task.FromResult(_server.Calls.Any(call => call.Method == "Points/QueryGroups")));
        await host.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = GalleryHost.Staff });

        await Failures.AssertFailsAsync(StatusCode.NotFound, "GALLERY_NOT_FOUND", identifying);
        Assert.Equal(0, _server.Points);
    }

    // ---- what reached the store but not the index ----

    [Fact]
    public async Task Enrol_IndexFailsAfterTheStore_IsNotAcknowledgedAndRepairedByItself()
    {
        await using var host = await StartAsync(_server);
        await host.EnrolAsync("bob", TestPhotos.Person(2));
        _server.FailNext("Points/Upsert", StatusCode.Unavailable, times: 4);

        var failure = await Assert.ThrowsAsync<RpcException>(() => Enrol(host, "ada", TestPhotos.Person(1)).ResponseAsync);
        await UntilAsync(() => Task.FromResult(_server.Points == 2));
        await UntilAsync(async () => (await HealthAsync(host)).Status == "Healthy");

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("stored, but searches do not see it yet", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(EnrolOutcome.Duplicate, (await host.EnrolAsync("ada", TestPhotos.Person(1))).Outcome);
    }

    // The client repeats its call: DUPLICATE would say that the face can be found.
    [Fact]
    public async Task Enrol_RepeatedWhileTheIndexLacksTheFace_IsAcknowledgedOnlyWhenItIsFound()
    {
        await using var host = await StartAsync(_server, settings: [("Index:CheckInterval", "01:00:00"), ("Index:RetryPause", "00:10:00")]);
        var enrolled = await host.EnrolAsync("ada", TestPhotos.Person(1));
        Assert.True(_server.Lose(Guid.Parse(enrolled.Face.FaceId)));
        _server.FailNext("Points/Upsert", StatusCode.Unavailable, times: 4);

        await Failures.AssertFailsAsync(StatusCode.Unavailable, "INDEX_UNAVAILABLE", Enrol(host, "ada", TestPhotos.Person(1)));
        var again = await host.EnrolAsync("ada", TestPhotos.Person(1));

        Assert.Equal(EnrolOutcome.Duplicate, again.Outcome);
        Assert.Equal(1, _server.Points);
    }

    // As after a process that was killed between store and index.
    [Fact]
    public async Task Start_IndexLacksAndKeepsFaces_IsRepairedBeforeItIsReady()
    {
        using var folder = new TemporaryFolder();
        string ada;
        await using (var host = await StartAsync(_server, folder))
        {
            ada = (await host.EnrolAsync("ada", TestPhotos.Person(1))).Face.FaceId;
            await host.EnrolAsync("bob", TestPhotos.Person(2));
        }

        _server.Lose(Guid.Parse(ada));
        await using (var embedded = await GalleryHost.StartAsync(folder, withGallery: false))
        {
            // Not seen by Qdrant: a deletion that it missed.
            await embedded.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "bob" });
        }

        await using var again = await StartAsync(_server, folder, withGallery: false);
        var answer = await again.Client.IdentifyAsync(
            new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)), IncludeBelowThreshold = true });

        Assert.Equal(["ada"], answer.Faces[0].Candidates.Select(candidate => candidate.PersonId));
        Assert.Equal(1, _server.Points);
    }

    [Fact]
    public async Task Start_GalleryDeletedElsewhere_ItsFacesAreForgotten()
    {
        using var folder = new TemporaryFolder();
        await using (var host = await StartAsync(_server, folder))
        {
            await host.EnrolAsync("ada", TestPhotos.Person(1));
        }

        await using (var embedded = await GalleryHost.StartAsync(folder, withGallery: false))
        {
            await embedded.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = GalleryHost.Staff });
        }

        await using var again = await StartAsync(_server, folder, withGallery: false);
        await UntilAsync(async () => (await HealthAsync(again)).Status == "Healthy");

        Assert.Equal(0, _server.Points);
    }

    [Fact]
    public async Task Running_QdrantLosesEverything_IsFilledAgain()
    {
        await using var host = await StartAsync(_server);
        await host.EnrolAsync("ada", TestPhotos.Person(1));
        using (var somebody = QdrantConnection.To(_server))
        {
            await somebody.Open(new Contract.TestFacts()).ClearAsync(Token);
        }

        await UntilAsync(() => Task.FromResult(_server.Points == 1));
        await UntilAsync(async () => (await HealthAsync(host)).Status == "Healthy");
        var answer = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)) });

        Assert.Equal(IdentifyOutcome.Recognized, answer.Outcome);
    }

    [Fact]
    public async Task Running_FaceLost_IsFoundMissingAndPutBackInTime()
    {
        await using var host = await StartAsync(_server, settings: [("Index:VerifyInterval", "00:00:01")]);
        var enrolled = await host.EnrolAsync("ada", TestPhotos.Person(1));
        await host.EnrolAsync("bob", TestPhotos.Person(2));

        _server.Lose(Guid.Parse(enrolled.Face.FaceId));
        await UntilAsync(() => Task.FromResult(_server.Points == 2));

        Assert.Equal(2, _server.Points);
    }

    // ---- several processes ----

    [Fact]
    public async Task TwoGalleries_OnOneStoreAndQdrant_SeeEachOthersWrites()
    {
        using var folder = new TemporaryFolder();
        await using var one = await StartAsync(_server, folder);
        await using var other = await StartAsync(_server, folder, withGallery: false);

        await one.EnrolAsync("ada", TestPhotos.Person(1));
        var found = await other.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1, 1)) });
        await other.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "ada" });
        var gone = await one.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1, 1)) });

        Assert.Equal(("ada", 1), (found.Faces[0].Candidates[0].PersonId, (int)found.Threshold.GallerySize));
        Assert.Equal((IdentifyOutcome.NotRecognized, 0), (gone.Outcome, (int)gone.Threshold.GallerySize));
    }

    // Each write looks once more into the store after it was made: whatever the order was, both end up the same.
    [Fact]
    public async Task TwoGalleries_EnrolAndDeleteTheSameFaces_EndAsTheStoreSays()
    {
        using var folder = new TemporaryFolder();
        await using var one = await StartAsync(_server, folder);
        await using var other = await StartAsync(_server, folder, withGallery: false);
        var photos = Enumerable.Range(1, 4).Select(seed => TestPhotos.Person(seed)).ToArray();

        await Task.WhenAll(new[] { one, other }.SelectMany(host => photos.Select((photo, i) => Task.Run(async () =>
        {
            for (var round = 0; round < 4; round++)
            {
                var answer = await Ended(Enrol(host, $"p{i}", photo).ResponseAsync);
                if (answer?.Face is { } face)
                {
                    await Ended(host.Client.DeleteFaceAsync(new DeleteFaceRequest { GalleryId = GalleryHost.Staff, FaceId = face.FaceId }).ResponseAsync);
                }
            }
        }))));
        await one.EnrolAsync("last", TestPhotos.Person(9));

        var stored = (await one.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff })).Faces.Select(face => face.FaceId).Order();
        var indexed = await one.Index.ReadAsync(GalleryHost.StaffKey, withEmbeddings: false, Token).Select(face => face.FaceId.ToString()).ToListAsync(Token);
        Assert.NotEmpty(indexed);
        Assert.Equal(stored, indexed.Order());

        // Deleted by the other first, or while it was enrolled: their own good reasons.
        static async Task<T?> Ended<T>(Task<T> call)
            where T : class
        {
            try
            {
                return await call;
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.NotFound or StatusCode.Aborted)
            {
                return null;
            }
        }
    }

    private static AsyncUnaryCall<EnrollFaceResponse> Enrol(GalleryHost host, string person, byte[] photo) =>
        host.Client.EnrollFaceAsync(new EnrollFaceRequest { GalleryId = GalleryHost.Staff, PersonId = person, Photo = GalleryHost.Bytes(photo) });
}
