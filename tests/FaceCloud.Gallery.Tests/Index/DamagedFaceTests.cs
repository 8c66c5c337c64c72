using FaceCloud.Gallery.Store;
using FaceCloud.Gallery.Tests.Grpc;
using FaceCloud.Gallery.Tests.Index.Qdrant;
using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.Gallery.Tests.Index;

/// <summary>A row that a broken disk or a strange hand has changed is refused with a reason; the others are searched.</summary>
public sealed class DamagedFaceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(7, "7 bytes")]
    [InlineData(4, "4 bytes instead of 768")]
    [InlineData(768, "length 0 instead of 1")]
    public async Task Start_EmbeddingDamaged_OthersAreSearchedAndEverybodyIsTold(int bytes, string how)
    {
        using var folder = new TemporaryFolder();
        await using (var host = await GalleryHost.StartAsync(folder))
        {
            await host.StoreAsync(("ada", GalleryHost.AtCosine(0.9f, 1)), ("bob", GalleryHost.AtCosine(0.9f, 2)));
            await DamageAsync(host, "bob", new byte[bytes]);
        }

        await using var again = await GalleryHost.StartAsync(folder, withGallery: false);
        var answer = await QdrantGallery.IdentifyAsync(again, GalleryHost.AtCosine(0.9f, 2));
        var health = await QdrantGallery.HealthAsync(again);
        var verified = await Assert.ThrowsAsync<RpcException>(async () => await Verify(again, "bob"));
        await again.IndexClient.VerifyIndexAsync(new VerifyIndexRequest());
        await QdrantGallery.UntilAsync(async () => (await again.IndexClient.GetIndexAsync(new GetIndexRequest())).Operation.State != IndexOperationState.Running);
        var index = await again.IndexClient.GetIndexAsync(new GetIndexRequest());

        Assert.Equal(["ada"], answer.Faces[0].Candidates.Select(candidate => candidate.PersonId));
        Assert.Equal("Degraded", health.Status);
        Assert.Contains("1 faces of the store are damaged", health.Description, StringComparison.Ordinal);
        Assert.Equal(StatusCode.DataLoss, verified.StatusCode);
        Assert.Contains(how.Split(" instead", 2)[0], verified.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(new IndexDrift { Faces = 2, Damaged = 1 }, index.Operation.Drift);
    }

    [Fact]
    public async Task Verify_EmbeddingDamaged_DataLossWithTheReason()
    {
        await using var host = await GalleryHost.StartAsync();
        await host.StoreAsync(("ada", GalleryHost.AtCosine(0.9f, 1)), ("bob", GalleryHost.AtCosine(0.9f, 2)));
        await DamageAsync(host, "bob", [1, 2, 3]);

        await Failures.AssertFailsAsync(StatusCode.DataLoss, "FACE_DAMAGED", Verify(host, "bob"));
        var other = await Verify(host, "ada");

        Assert.Equal(VerifyOutcome.Match, other.Outcome);
    }

    private static AsyncUnaryCall<VerifyResponse> Verify(GalleryHost host, string person) => host.Client.VerifyAsync(
        new VerifyRequest { GalleryId = GalleryHost.Staff, PersonId = person, Probe = GalleryHost.EmbeddingProbe(GalleryHost.AtCosine(0.9f, 1)) });

    private static async Task DamageAsync(GalleryHost host, string person, byte[] embedding)
    {
        await using var store = await host.Services.GetRequiredService<IDbContextFactory<GalleryDbContext>>().CreateDbContextAsync(Token);
        var changed = await store.Faces.Where(face => face.PersonId == person).ExecuteUpdateAsync(set => set.SetProperty(face => face.Embedding, embedding), Token);

        Assert.Equal(1, changed);
    }
}
