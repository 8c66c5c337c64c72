using FaceCloud.Contracts.Failures;
using FaceCloud.FakeQdrant;
using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;
using FaceCloud.Gallery.Tests.Index.Contract;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Index.Qdrant;

/// <summary>What is asked of the server, and what becomes of its troubles.</summary>
public sealed class QdrantFaceIndexTests : IAsyncLifetime
{
    private const int Dimension = 8;
    private const string Alias = "facecloud.test-8-0123456789ab";

    private static readonly GalleryKey Gallery = new("default", "staff");

    private readonly TestFacts _facts = new();
    private FakeQdrantServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await FakeQdrantServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    // ---- what is asked ----

    [Fact]
    public async Task Prepare_FirstFaceOfAModel_MakesCollectionIndexesAndAlias()
    {
        using var connection = QdrantConnection.To(_server);

        await connection.Open(_facts).PrepareAsync(Gallery, TestFacts.Space(Dimension), Token);

        var (alias, collection) = Assert.Single(_server.Aliases);
        Assert.StartsWith(Alias, alias, StringComparison.Ordinal);
        Assert.Equal($"{alias}.1", collection);
        var created = Assert.Single(Requests("Collections/Create"));
        Assert.Equal(
            (Dimension.ToString(), "Dot"),
            (created.GetProperty("vectorsConfig").GetProperty("params").GetProperty("size").GetString(), created.GetProperty("vectorsConfig").GetProperty("params").GetProperty("distance").GetString()));
        Assert.Equal("Int8", created.GetProperty("quantizationConfig").GetProperty("scalar").GetProperty("type").GetString());
        Assert.Equal(("0", "16"), (created.GetProperty("hnswConfig").GetProperty("m").GetString(), created.GetProperty("hnswConfig").GetProperty("payloadM").GetString()));
        var indexes = Requests("Points/CreateFieldIndex").ToDictionary(index => index.GetProperty("fieldName").GetString()!);
        Assert.True(indexes["gallery"].GetProperty("fieldIndexParams").GetProperty("keywordIndexParams").GetProperty("isTenant").GetBoolean());
        Assert.False(indexes["person"].GetProperty("fieldIndexParams").GetProperty("keywordIndexParams").GetProperty("isTenant").GetBoolean());
    }

    [Fact]
    public async Task Upsert_TwoModels_AreInTwoCollections()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        var other = Gallery with { GalleryId = "other" };

        var first = await FillAsync(index, 5);
        await FillAsync(index, 5, other, TestFacts.Space(12));
        var search = await index.SearchAsync(Gallery, [first[0].Embedding], 3, Token);

        Assert.Equal(2, _server.Collections.Count);
        Assert.Equal(first[0].FaceId, search.Matches[0][0].FaceId);
    }

    // Defaults that would be wrong: wait (false), ordering (weak), limit and group size (the other way round than written), rescore (false).
    [Fact]
    public async Task Requests_OfAllKinds_SayWhatDefaultsGetWrong()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);

        var faces = await FillAsync(index, 20);
        await index.SearchAsync(Gallery, [faces[0].Embedding], 3, Token);
        await index.DeleteFacesAsync(Gallery, [faces[0].FaceId], Token);
        await index.DeletePersonAsync(Gallery, "p1", Token);
        await index.DeleteGalleryAsync(Gallery, Token);
        await index.ReadAsync(Gallery, true, Token).ToListAsync(Token);

        foreach (var write in _server.Calls.Where(call => call.Method is "Points/Upsert" or "Points/Delete" or "Points/CreateFieldIndex"))
        {
            Assert.True(write.Request.GetProperty("wait").GetBoolean(), write.Method);
            Assert.Equal("Medium", write.Request.GetProperty("ordering").GetProperty("type").GetString());
        }

        var find = Requests("Points/QueryGroups").First();
        Assert.Equal(("6", "1", "person"), (find.GetProperty("limit").GetString(), find.GetProperty("groupSize").GetString(), find.GetProperty("groupBy").GetString()));
        Assert.True(find.GetProperty("params").GetProperty("quantization").GetProperty("rescore").GetBoolean());
        Assert.Equal(2, find.GetProperty("params").GetProperty("quantization").GetProperty("oversampling").GetDouble());
        Assert.All(Requests("Points/QueryGroups"), query => Assert.False(query.TryGetProperty("scoreThreshold", out _)));
        Assert.All(Requests("Points/Scroll"), scroll => Assert.True(scroll.GetProperty("limit").GetUInt32() > 0));
    }

    // An empty filter matches everything of everybody.
    [Fact]
    public async Task Requests_ThatDeleteOrSearch_NameAGallery()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);

        var faces = await FillAsync(index, 20);
        await index.SearchAsync(Gallery, [faces[0].Embedding], 3, Token);
        await index.DeleteFacesAsync(Gallery, [faces[0].FaceId], Token);
        await index.DeletePersonAsync(Gallery, "p1", Token);
        await index.DeleteGalleryAsync(Gallery, Token);

        var filters = Requests("Points/QueryGroups").Select(query => query.GetProperty("filter"))
            .Concat(Requests("Points/Delete").Select(delete => delete.GetProperty("points")).Where(points => !points.TryGetProperty("points", out _)).Select(points => points.GetProperty("filter")))
            .ToList();
        Assert.True(filters.Count >= 5);
        Assert.All(filters, filter => Assert.Equal(
            ("gallery", "default/staff"),
            (filter.GetProperty("must")[0].GetProperty("field").GetProperty("key").GetString(), filter.GetProperty("must")[0].GetProperty("field").GetProperty("match").GetProperty("keyword").GetString())));
    }

    [Fact]
    public async Task Search_WithReplicas_ReadsFromMostAndWritesToMost()
    {
        using var connection = QdrantConnection.To(_server, options => options.ReplicationFactor = 3);
        var index = connection.Open(_facts);

        var faces = await FillAsync(index, 5);
        await index.SearchAsync(Gallery, [faces[0].Embedding], 1, Token);

        Assert.All(Requests("Points/QueryGroups"), query => Assert.Equal("Majority", query.GetProperty("readConsistency").GetProperty("type").GetString()));
        var created = Assert.Single(Requests("Collections/Create"));
        Assert.Equal((3, 2), (created.GetProperty("replicationFactor").GetInt32(), created.GetProperty("writeConsistencyFactor").GetInt32()));
    }

    [Fact]
    public async Task Search_OneClearAnswer_AsksTwice()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        var faces = await FillAsync(index, 200);
        _server.ForgetCalls();

        await index.SearchAsync(Gallery, [faces[0].Embedding], 5, Token);

        Assert.Equal(["Points/QueryGroups", "Points/QueryGroups"], _server.Calls.Select(call => call.Method));
        Assert.True(_server.Calls[1].Request.GetProperty("params").GetProperty("exact").GetBoolean());
    }

    [Fact]
    public async Task Search_ExactSetting_ComparesEverything()
    {
        using var connection = QdrantConnection.To(_server, options => options.Exact = true);
        var index = connection.Open(_facts);
        var faces = await FillAsync(index, 5);

        await index.SearchAsync(Gallery, [faces[0].Embedding], 5, Token);

        Assert.All(Requests("Points/QueryGroups"), query => Assert.True(query.GetProperty("params").GetProperty("exact").GetBoolean()));
    }

    // Grpc.Net.Client takes 4 MB unless told otherwise.
    [Fact]
    public async Task Read_PagesOfEightMegabytes_Arrive()
    {
        using var connection = QdrantConnection.To(_server, options => options.Batch = 2000);
        var index = connection.Open(_facts);
        await FillAsync(index, 2000, space: TestFacts.Space(1024));

        var read = await index.ReadAsync(Gallery, withEmbeddings: true, Token).CountAsync(Token);

        Assert.Equal(2000, read);
    }

    [Fact]
    public async Task Upsert_EmbeddingWithoutDirection_IsRefused()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        await FillAsync(index, 1);

        foreach (var bad in new[] { new float[Dimension], [float.NaN, 0, 0, 0, 0, 0, 0, 0], [float.PositiveInfinity, 0, 0, 0, 0, 0, 0, 0] })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => index.UpsertAsync(Gallery, [new FaceVector(Guid.NewGuid(), "x", bad)], Token));
        }

        Assert.Equal(1, _server.Points);
    }

    // ---- several processes ----

    [Fact]
    public async Task TwoProcesses_WritesOfOne_AreSeenByTheOther()
    {
        using var one = QdrantConnection.To(_server);
        using var other = QdrantConnection.To(_server);
        var (writer, reader) = (one.Open(_facts), other.Open(_facts));

        var faces = await FillAsync(writer, 5);
        var seen = await reader.SearchAsync(Gallery, [faces[0].Embedding], 1, Token);
        await writer.DeletePersonAsync(Gallery, faces[0].PersonId, Token);
        var gone = await reader.SearchAsync(Gallery, [faces[0].Embedding], 1, Token);

        Assert.Equal(faces[0].FaceId, seen.Matches[0][0].FaceId);
        Assert.NotEqual(faces[0].FaceId, gone.Matches[0][0].FaceId);
    }

    [Fact]
    public async Task TwoProcesses_BothFirst_MakeOneCollection()
    {
        var connections = Enumerable.Range(0, 6).Select(_ => QdrantConnection.To(_server)).ToList();

        await Task.WhenAll(connections.Select(connection => connection.Open(_facts).PrepareAsync(Gallery, TestFacts.Space(Dimension), Token)));
        connections.ForEach(connection => connection.Dispose());

        Assert.Single(_server.Collections);
        Assert.Single(_server.Aliases);
    }

    [Fact]
    public async Task Activate_FilledBeside_TurnsTheAliasForAllAndDropsTheOld()
    {
        using var one = QdrantConnection.To(_server);
        using var other = QdrantConnection.To(_server);
        var (current, fresh) = (other.Open(_facts), one.Open(_facts, isFresh: true));
        var faces = await FillAsync(current, 5);
        await fresh.PrepareAsync(Gallery, TestFacts.Space(Dimension), Token);
        await fresh.UpsertAsync(Gallery, faces, Token);
        var between = _server.Collections.Count;

        await fresh.ActivateAsync(Token);
        var search = await current.SearchAsync(Gallery, [faces[2].Embedding], 1, Token);
        await current.DeleteGalleryAsync(Gallery, Token);

        Assert.Equal(2, between);
        Assert.EndsWith(".2", Assert.Single(_server.Collections), StringComparison.Ordinal);
        Assert.Equal(faces[2].FaceId, search.Matches[0][0].FaceId);
        Assert.Equal(0, _server.Points);
    }

    [Fact]
    public async Task Clear_FreshOne_LeavesWhatIsInUse()
    {
        using var connection = QdrantConnection.To(_server);
        var (current, fresh) = (connection.Open(_facts), connection.Open(_facts, isFresh: true));
        await FillAsync(current, 5);
        await fresh.PrepareAsync(Gallery, TestFacts.Space(Dimension), Token);

        await connection.Open(_facts, isFresh: true).ClearAsync(Token);

        Assert.EndsWith(".1", Assert.Single(_server.Collections), StringComparison.Ordinal);
        Assert.Equal(5, _server.Points);
    }

    // Two installations on one server, one's prefix the beginning of the other's.
    [Fact]
    public async Task Clear_OfOneInstallation_LeavesTheOthers()
    {
        using var one = QdrantConnection.To(_server, options => options.Prefix = "facecloud");
        using var other = QdrantConnection.To(_server, options => options.Prefix = "facecloud-2");
        var (first, second) = (one.Open(_facts), other.Open(_facts));
        await FillAsync(first, 3);
        var faces = await FillAsync(second, 4);

        await first.ClearAsync(Token);

        Assert.Equal(4, _server.Points);
        Assert.Equal(faces[1].FaceId, (await second.SearchAsync(Gallery, [faces[1].Embedding], 1, Token)).Matches[0][0].FaceId);
    }

    // Deleted while the server was away, and made again with another model.
    [Fact]
    public async Task Prepare_GalleryMadeAgain_ForgetsWhatAnotherModelLeft()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        await FillAsync(index, 5);
        _facts.Forget(Gallery);

        await FillAsync(index, 3, space: TestFacts.Space(12));

        Assert.Equal(3, _server.Points);
    }

    // ---- troubles ----

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task Search_ServerAwayTwice_IsTriedAgain(StatusCode status)
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        var faces = await FillAsync(index, 5);
        _server.FailNext("Points/QueryGroups", status, times: 2);

        var search = await index.SearchAsync(Gallery, [faces[0].Embedding], 1, Token);

        Assert.Equal(faces[0].FaceId, search.Matches[0][0].FaceId);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, FailureReason.IndexUnavailable)]
    [InlineData(StatusCode.ResourceExhausted, FailureReason.IndexUnavailable)]
    [InlineData(StatusCode.DeadlineExceeded, FailureReason.IndexUnavailable)]
    [InlineData(StatusCode.Unauthenticated, FailureReason.IndexRefused)]
    [InlineData(StatusCode.PermissionDenied, FailureReason.IndexRefused)]
    [InlineData(StatusCode.Internal, FailureReason.Internal)]
    [InlineData(StatusCode.InvalidArgument, FailureReason.Internal)]
    public async Task Search_ServerFails_IsAReasonOfOurs(StatusCode status, FailureReason reason)
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        var faces = await FillAsync(index, 5);
        _server.FailNext("Points/QueryGroups", status, times: 10, detail: "words of the server");

        var failure = await Assert.ThrowsAsync<FailureException>(() => index.SearchAsync(Gallery, [faces[0].Embedding], 1, Token));

        Assert.Equal(reason, failure.Reason);
        Assert.DoesNotContain("words of the server", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_ServerStopped_IsUnavailableAndThereAgainAfterwards()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        var faces = await FillAsync(index, 5);

        await _server.StopAsync();
        var failure = await Assert.ThrowsAsync<FailureException>(() => index.SearchAsync(Gallery, [faces[0].Embedding], 1, Token));
        await _server.StartAgainAsync();
        IndexSearch? search = null;
        await QdrantGallery.UntilAsync(async () =>
        {
            // The connection is tried again after a pause.
            try
            {
                search = await index.SearchAsync(Gallery, [faces[0].Embedding], 1, Token);
                return true;
            }
            catch (FailureException again) when (again.Reason == FailureReason.IndexUnavailable)
            {
                return false;
            }
        });

        Assert.Equal(FailureReason.IndexUnavailable, failure.Reason);
        Assert.Equal(faces[0].FaceId, search!.Matches[0][0].FaceId);
    }

    [Fact]
    public async Task Search_SlowServer_EndsAtTheDeadline()
    {
        using var connection = QdrantConnection.To(_server, options => options.ReadTimeout = TimeSpan.FromMilliseconds(300));
        var index = connection.Open(_facts);
        using (var patient = QdrantConnection.To(_server))
        {
            await FillAsync(patient.Open(_facts), 5);
        }

        _server.Delay("Points/QueryGroups", TimeSpan.FromMinutes(5));
        _facts.Index = null;
        var failure = await Assert.ThrowsAsync<FailureException>(() => index.SearchAsync(Gallery, [new float[Dimension]], 1, Token));

        Assert.Equal(FailureReason.IndexUnavailable, failure.Reason);
        Assert.Contains("within 0.3 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_Cancelled_IsACancellation()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        await FillAsync(index, 5);
        _server.Delay("Points/QueryGroups", TimeSpan.FromMinutes(5));
        using var cancelling = new CancellationTokenSource();

        var searching = index.SearchAsync(Gallery, [new float[Dimension]], 1, cancelling.Token);
        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => searching);
    }

    [Fact]
    public async Task Upsert_NotDoneInTime_IsRepeatedUntilItIs()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        var faces = await FillAsync(index, 2);
        _server.TimeOutNextWrites(2);

        await index.UpsertAsync(Gallery, [faces[0] with { PersonId = "moved" }], Token);

        Assert.Equal("moved", (await index.SearchAsync(Gallery, [faces[0].Embedding], 1, Token)).Matches[0][0].PersonId);
    }

    [Fact]
    public async Task Upsert_NeverDone_IsUnavailable()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        var faces = await FillAsync(index, 2);
        _server.TimeOutNextWrites(100);

        var failure = await Assert.ThrowsAsync<FailureException>(() => index.UpsertAsync(Gallery, faces, Token));

        Assert.Equal(FailureReason.IndexUnavailable, failure.Reason);
    }

    [Fact]
    public async Task Prepare_CollectionOfAnotherDimension_IsAMismatch()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        await FillAsync(index, 1);
        var alias = _server.Aliases.Keys.Single();
        _server.MakeCollection(alias + ".9", size: 9, alias);

        var prepared = await Assert.ThrowsAsync<FailureException>(() => index.PrepareAsync(Gallery, TestFacts.Space(Dimension), Token));
        var searched = await Assert.ThrowsAsync<FailureException>(() => connection.Open(_facts).SearchAsync(Gallery, [new float[Dimension]], 1, Token));

        Assert.Equal((FailureReason.IndexMismatch, FailureReason.IndexMismatch), (prepared.Reason, searched.Reason));
        Assert.Contains("holds vectors of 9 values", prepared.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_CollectionDropped_SaysSoAndSearchesFail()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        await FillAsync(index, 3);
        _facts.Index = null;
        using var somebody = QdrantConnection.To(_server);
        await somebody.Open(_facts).ClearAsync(Token);

        var failure = await Assert.ThrowsAsync<FailureException>(() => index.SearchAsync(Gallery, [new float[Dimension]], 1, Token));

        Assert.Equal(FailureReason.IndexUnavailable, failure.Reason);
        Assert.Contains("lost", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_CollectionDropped_IsFalse()
    {
        using var connection = QdrantConnection.To(_server);
        var index = connection.Open(_facts);
        await FillAsync(index, 3);
        var before = await index.CheckAsync(Token);
        using var somebody = QdrantConnection.To(_server);
        await somebody.Open(_facts).ClearAsync(Token);

        var after = await index.CheckAsync(Token);

        Assert.Equal((true, false), (before, after));
    }

    private IEnumerable<System.Text.Json.JsonElement> Requests(string method) => _server.Calls.Where(call => call.Method == method).Select(call => call.Request);

    private async Task<List<FaceVector>> FillAsync(IFaceIndex index, int faces, GalleryKey? gallery = null, EmbeddingSpace? space = null)
    {
        var (key, used) = (gallery ?? Gallery, space ?? TestFacts.Space(Dimension));
        var vectors = TestVectors.Random(new Random(faces + used.Dimension), faces, used.Dimension, faces);
        await index.PrepareAsync(key, used, Token);
        _facts.Declare(key, used);
        await index.UpsertAsync(key, vectors, Token);
        return vectors;
    }
}
