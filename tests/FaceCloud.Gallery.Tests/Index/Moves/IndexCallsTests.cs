using System.Net.Http.Json;
using System.Text.Json;
using FaceCloud.FakeQdrant;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Tests.Grpc;
using FaceCloud.Gallery.Tests.Index.Qdrant;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Testing;
using Grpc.Core;
using static FaceCloud.Gallery.Tests.Index.Qdrant.QdrantGallery;
using IndexKind = FaceCloud.Protos.Gallery.V1.IndexKind;

namespace FaceCloud.Gallery.Tests.Index.Moves;

/// <summary>Verify, rebuild and switch, as those who run the server call them.</summary>
public sealed class IndexCallsTests : IAsyncLifetime
{
    private FakeQdrantServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeQdrantServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    // ---- verify ----

    [Fact]
    public async Task Verify_IndexThatAgrees_FindsNothing()
    {
        await using var host = await StartAsync(_server);
        await FillAsync(host, 300);

        var index = await EndAsync(host, client => client.VerifyIndexAsync(new VerifyIndexRequest()));

        Assert.Equal((IndexOperationState.Succeeded, 1, 1), (index.Operation.State, index.Operation.Galleries, index.Operation.GalleriesDone));
        Assert.Equal(new IndexDrift { Faces = 300 }, index.Operation.Drift);
        Assert.Equal((IndexKind.Qdrant, IndexKind.Unspecified), (index.Kind, index.MovingTo));
    }

    [Fact]
    public async Task Verify_MissingExtraAndChangedFaces_AreCountedThenRepaired()
    {
        await using var host = await StartAsync(_server);
        await FillAsync(host, 300);
        var faces = (await host.Client.ListFacesAsync(new ListFacesRequest { GalleryId = GalleryHost.Staff })).Faces.Select(face => Guid.Parse(face.FaceId)).ToList();
        faces.Take(3).ToList().ForEach(id => Assert.True(_server.Lose(id)));
        faces.Skip(3).Take(2).ToList().ForEach(id => Assert.True(_server.Distort(id)));
        await host.Index.UpsertAsync(GalleryHost.StaffKey, [new(Guid.NewGuid(), "stranger", GalleryHost.AtCosine(1, 1))], CancellationToken.None);

        var found = await EndAsync(host, client => client.VerifyIndexAsync(new VerifyIndexRequest()));
        var repaired = await EndAsync(host, client => client.VerifyIndexAsync(new VerifyIndexRequest { GalleryId = GalleryHost.Staff, Repair = true }));
        var after = await EndAsync(host, client => client.VerifyIndexAsync(new VerifyIndexRequest()));

        Assert.Equal(new IndexDrift { Faces = 300, Missing = 3, Extra = 1, Changed = 2 }, found.Operation.Drift);
        Assert.Equal(found.Operation.Drift, repaired.Operation.Drift);
        Assert.Equal(new IndexDrift { Faces = 300 }, after.Operation.Drift);
    }

    [Fact]
    public async Task Verify_FacesOfAGalleryThatIsNoMore_AreExtra()
    {
        await using var host = await StartAsync(_server);
        await FillAsync(host, 5);
        using (var somebody = QdrantConnection.To(_server))
        {
            var (facts, ghosts) = (new Contract.TestFacts(), GalleryHost.StaffKey with { GalleryId = "ghosts" });
            facts.Declare(ghosts, new EmbeddingSpace(TestFaces.Contract, FakeFaceEncoder.Dimension));
            await somebody.Open(facts).UpsertAsync(ghosts, [new(Guid.NewGuid(), "ghost", GalleryHost.AtCosine(1, 1))], CancellationToken.None);
        }

        var repaired = await EndAsync(host, client => client.VerifyIndexAsync(new VerifyIndexRequest { Repair = true }));

        Assert.Equal(new IndexDrift { Faces = 5, Extra = 1 }, repaired.Operation.Drift);
        Assert.Equal(5, _server.Points);
    }

    [Fact]
    public async Task Verify_UnknownGallery_IsNotFound()
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(StatusCode.NotFound, "GALLERY_NOT_FOUND", host.IndexClient.VerifyIndexAsync(new VerifyIndexRequest { GalleryId = "nowhere" }));
    }

    // ---- rebuild ----

    [Fact]
    public async Task Rebuild_Qdrant_FillsANewCollectionAndDropsTheOld()
    {
        await using var host = await StartAsync(_server);
        await FillAsync(host, 40);
        var before = Assert.Single(_server.Collections);

        var index = await EndAsync(host, client => client.RebuildIndexAsync(new RebuildIndexRequest()));
        var answer = await IdentifyAsync(host, GalleryHost.AtCosine(0.5f, 7));

        Assert.Equal(IndexOperationState.Succeeded, index.Operation.State);
        Assert.Equal(before[..^1] + "2", Assert.Single(_server.Collections));
        Assert.Equal("p7", answer.Faces[0].Candidates[0].PersonId);
        Assert.Equal(40, answer.Threshold.GallerySize);
    }

    // The way out of a collection whose shape is wrong.
    [Fact]
    public async Task Rebuild_CollectionOfAnotherDimension_IsReplaced()
    {
        await using var host = await StartAsync(_server);
        await FillAsync(host, 10);
        var alias = _server.Aliases.Keys.Single();
        _server.MakeCollection(alias + ".9", size: 9, alias);

        var index = await EndAsync(host, client => client.RebuildIndexAsync(new RebuildIndexRequest()));
        await host.EnrolAsync("ada", TestPhotos.Person(1));

        Assert.Equal(IndexOperationState.Succeeded, index.Operation.State);
        Assert.Equal(alias + ".10", _server.Aliases[alias]);
    }

    [Fact]
    public async Task Rebuild_Embedded_AnswersAsBefore()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, 40);
        var before = await IdentifyAsync(host, GalleryHost.AtCosine(0.5f, 7));

        var index = await EndAsync(host, client => client.RebuildIndexAsync(new RebuildIndexRequest()));
        var after = await IdentifyAsync(host, GalleryHost.AtCosine(0.5f, 7));

        Assert.Equal((IndexOperationState.Succeeded, IndexKind.Embedded), (index.Operation.State, index.Kind));
        Assert.Equal(before.Faces, after.Faces);
    }

    // ---- switch ----

    [Fact]
    public async Task Switch_ThereAndBack_AnswersAreTheSameAndNothingStays()
    {
        using var folder = new TemporaryFolder();
        await using var host = await GalleryHost.StartAsync(folder, settings: EmbeddedSettings());
        await FillAsync(host, 60);
        var embedded = await IdentifyAsync(host, GalleryHost.AtCosine(0.5f, 7));

        var there = await EndAsync(host, client => client.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Qdrant }));
        var onQdrant = await IdentifyAsync(host, GalleryHost.AtCosine(0.5f, 7));
        var points = _server.Points;
        var back = await EndAsync(host, client => client.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Embedded }));
        var again = await IdentifyAsync(host, GalleryHost.AtCosine(0.5f, 7));

        Assert.Equal((IndexKind.Qdrant, IndexKind.Embedded), (there.Kind, back.Kind));
        Assert.Equal(60, points);
        Assert.Equal((embedded.Faces, embedded.Faces), (onQdrant.Faces, again.Faces));
        Assert.Empty(_server.Collections);
        Assert.False(File.Exists(Path.Combine(folder.Path, IndexSelection.FileName)));
    }

    [Fact]
    public async Task Switch_WhileFacesAreEnrolledDeletedAndSearched_NobodyWaitsAndNothingIsLost()
    {
        await using var host = await GalleryHost.StartAsync(settings: EmbeddedSettings());
        await FillAsync(host, 200);
        using var ended = new CancellationTokenSource();
        var enrolled = 0;
        _server.Delay("Points/Upsert", TimeSpan.FromMilliseconds(30));

        var writing = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                var face = await host.EnrolAsync($"new {enrolled}", TestPhotos.Person(1000 + enrolled));
                Assert.Equal(EnrolOutcome.Enrolled, face.Outcome);
                enrolled++;
                if (enrolled % 3 == 0)
                {
                    await host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = $"new {enrolled - 2}" });
                }
            }
        }, CancellationToken.None);
        var searching = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                Assert.Equal("p7", (await IdentifyAsync(host, GalleryHost.AtCosine(0.5f, 7))).Faces[0].Candidates[0].PersonId);
            }
        }, CancellationToken.None);
        var index = await EndAsync(host, client => client.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Qdrant }));
        await ended.CancelAsync();
        await Task.WhenAll(writing, searching);
        var verified = await EndAsync(host, client => client.VerifyIndexAsync(new VerifyIndexRequest()));

        Assert.Equal((IndexOperationState.Succeeded, IndexKind.Qdrant), (index.Operation.State, index.Kind));
        Assert.True(enrolled > 0);
        Assert.Equal(new IndexDrift { Faces = 200 + enrolled - (enrolled / 3) }, verified.Operation.Drift);
        Assert.Equal(verified.Operation.Drift.Faces, _server.Points);
    }

    // The new one fails in the middle: the one in use does not notice, and what was missed is filled in afterwards.
    [Fact]
    public async Task Switch_QdrantGoesDownInTheMiddle_CallsGoOnAndTheMoveWaits()
    {
        var settings = EmbeddedSettings();
        settings["Qdrant:ReadTimeout"] = "00:00:01";
        await using var host = await GalleryHost.StartAsync(settings: settings);
        await FillAsync(host, 20);
        await _server.StopAsync();
        var failed = await EndAsync(host, client => client.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Qdrant }));
        await _server.StartAgainAsync();

        _server.Delay("Points/Scroll", TimeSpan.FromMinutes(5));
        await UntilAsync(async () =>
        {
            // Until the connection is tried again, a switch is refused at once.
            if ((await host.IndexClient.GetIndexAsync(new GetIndexRequest())).Operation.State != IndexOperationState.Running)
            {
                await host.IndexClient.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Qdrant });
            }

            return _server.Calls.Any(call => call.Method == "Points/Scroll");
        });
        _server.FailNext("Points/Upsert", StatusCode.Unavailable, times: 2);
        var enrolled = await host.EnrolAsync("ada", TestPhotos.Person(1));
        await UntilAsync(async () => (await host.IndexClient.GetIndexAsync(new GetIndexRequest())).Operation.Message.Contains("did not answer", StringComparison.Ordinal));
        _server.Delay("Points/Scroll", TimeSpan.Zero);
        var index = await EndAsync(host, _ => null);
        var answer = await host.Client.IdentifyAsync(new IdentifyRequest { GalleryId = GalleryHost.Staff, Probe = GalleryHost.PhotoProbe(TestPhotos.Person(1)) });

        Assert.Equal((IndexOperationState.Failed, IndexKind.Embedded, IndexKind.Unspecified), (failed.Operation.State, failed.Kind, failed.MovingTo));
        Assert.Equal(EnrolOutcome.Enrolled, enrolled.Outcome);
        Assert.Equal((IndexOperationState.Succeeded, IndexKind.Qdrant), (index.Operation.State, index.Kind));
        Assert.Equal("ada", answer.Faces[0].Candidates[0].PersonId);
        Assert.Equal(21, _server.Points);
    }

    [Fact]
    public async Task Switch_ServerStoppedInTheMiddle_GoesOnAtTheNextStart()
    {
        using var folder = new TemporaryFolder();
        await using (var host = await GalleryHost.StartAsync(folder, settings: EmbeddedSettings()))
        {
            await FillAsync(host, 20);
            _server.Delay("Points/Upsert", TimeSpan.FromMinutes(5));
            await host.IndexClient.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Qdrant });
            await UntilAsync(() => Task.FromResult(_server.Calls.Any(call => call.Method == "Points/Upsert")));
        }

        _server.Delay("Points/Upsert", TimeSpan.Zero);
        Protos.Gallery.V1.Index moved;
        await using (var again = await GalleryHost.StartAsync(folder, settings: EmbeddedSettings(), withGallery: false))
        {
            moved = await EndAsync(again, _ => null);
        }

        await using var third = await GalleryHost.StartAsync(folder, settings: EmbeddedSettings(), withGallery: false);
        var kept = await third.IndexClient.GetIndexAsync(new GetIndexRequest());

        Assert.Equal((IndexOperationState.Succeeded, IndexKind.Qdrant), (moved.Operation.State, moved.Kind));
        Assert.Equal(IndexKind.Qdrant, kept.Kind);
        Assert.Equal(20, _server.Points);
    }

    // The operator's last word.
    [Fact]
    public async Task Start_SettingChangedAfterASwitch_GoesBeforeTheFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, IndexSelection.FileName), """{"kind":"embedded","movingTo":null,"setting":"qdrant"}""");

        await using (var asSwitched = await StartAsync(_server, folder))
        {
            Assert.Equal(IndexKind.Embedded, (await asSwitched.IndexClient.GetIndexAsync(new GetIndexRequest())).Kind);
        }

        File.WriteAllText(Path.Combine(folder.Path, IndexSelection.FileName), """{"kind":"embedded","movingTo":null,"setting":"embedded"}""");
        await using var asSet = await StartAsync(_server, folder, withGallery: false);

        Assert.Equal(IndexKind.Qdrant, (await asSet.IndexClient.GetIndexAsync(new GetIndexRequest())).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"kind\":")]
    [InlineData("{\"kind\":\"faiss\",\"setting\":\"embedded\"}")]
    [InlineData("{}")]
    public async Task Start_FileOfTheSwitchCorrupted_StopsWithTheFileAndWhatToDo(string text)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, IndexSelection.FileName);
        File.WriteAllText(file, text);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => GalleryHost.StartAsync(folder));

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switch_ToTheOneInUseDuringAMove_GivesTheMoveUp()
    {
        using var folder = new TemporaryFolder();
        await using var host = await GalleryHost.StartAsync(folder, settings: EmbeddedSettings());
        await FillAsync(host, 20);
        _server.Delay("Points/Upsert", TimeSpan.FromMinutes(5));
        await host.IndexClient.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Qdrant });
        await UntilAsync(() => Task.FromResult(_server.Calls.Any(call => call.Method == "Points/Upsert")));

        var index = await EndAsync(host, client => client.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Embedded }));

        Assert.Equal((IndexOperationState.Cancelled, IndexKind.Embedded, IndexKind.Unspecified), (index.Operation.State, index.Kind, index.MovingTo));
        Assert.Empty(_server.Collections);
        Assert.False(File.Exists(Path.Combine(folder.Path, IndexSelection.FileName)));
        Assert.Equal(EnrolOutcome.Enrolled, (await host.EnrolAsync("ada", TestPhotos.Person(1))).Outcome);
    }

    [Fact]
    public async Task Calls_WhileAMoveRuns_AreBusy()
    {
        await using var host = await GalleryHost.StartAsync(settings: EmbeddedSettings());
        await FillAsync(host, 20);
        _server.Delay("Points/Upsert", TimeSpan.FromMinutes(5));
        await host.IndexClient.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Qdrant });

        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "INDEX_BUSY", host.IndexClient.VerifyIndexAsync(new VerifyIndexRequest()));
        await Failures.AssertFailsAsync(StatusCode.FailedPrecondition, "INDEX_BUSY", host.IndexClient.RebuildIndexAsync(new RebuildIndexRequest()));
        await Failures.AssertFailsAsync(
            StatusCode.FailedPrecondition, "INDEX_BUSY", host.IndexClient.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Qdrant }));
    }

    [Fact]
    public async Task Switch_NoKindOrNoQdrant_IsInvalidArgument()
    {
        await using var host = await GalleryHost.StartAsync();

        await Failures.AssertFailsAsync(StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.IndexClient.SwitchIndexAsync(new SwitchIndexRequest()));
        await Failures.AssertFailsAsync(
            StatusCode.InvalidArgument, "INVALID_ARGUMENT", host.IndexClient.SwitchIndexAsync(new SwitchIndexRequest { Kind = IndexKind.Qdrant }));
    }

    [Fact]
    public async Task Calls_OverJson_AnswerAsOverGrpc()
    {
        await using var host = await GalleryHost.StartAsync();
        var token = TestContext.Current.CancellationToken;

        using var begun = await host.Http.PostAsJsonAsync("/v1/index:verify", new { galleryId = "staff", repair = true }, token);
        await EndAsync(host, _ => null);
        var index = await host.Http.GetFromJsonAsync<JsonElement>("/v1/index", token);

        Assert.Equal(System.Net.HttpStatusCode.OK, begun.StatusCode);
        Assert.Equal("INDEX_KIND_EMBEDDED", index.GetProperty("kind").GetString());
        Assert.Equal("INDEX_OPERATION_STATE_SUCCEEDED", index.GetProperty("operation").GetProperty("state").GetString());
    }

    private Dictionary<string, string?> EmbeddedSettings() => Settings(_server, ("Index:Kind", "embedded"), ("Qdrant:MaxAttempts", "2"));

    private static Task FillAsync(GalleryHost host, int faces) =>
        host.StoreAsync([.. Enumerable.Range(0, faces).Select(i => ($"p{i + 1}", i + 1 < FakeFaceEncoder.Dimension ? GalleryHost.AtCosine(0.5f, i + 1) : Contract.TestVectors.Unit(new Random(i), FakeFaceEncoder.Dimension)))]);

    private static async Task<Protos.Gallery.V1.Index> EndAsync(
        GalleryHost host, Func<IndexService.IndexServiceClient, AsyncUnaryCall<Protos.Gallery.V1.Index>?> begin)
    {
        if (begin(host.IndexClient) is { } call)
        {
            await call;
        }

        Protos.Gallery.V1.Index index = new();
        await UntilAsync(async () =>
        {
            index = await host.IndexClient.GetIndexAsync(new GetIndexRequest());
            return index.Operation is { State: not IndexOperationState.Running };
        });
        return index;
    }
}
