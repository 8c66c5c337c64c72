using FaceCloud.Client.Tests.Testing;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;

namespace FaceCloud.Client.Tests;

/// <summary>Frames, groups, the doctor, and backups.</summary>
public sealed class ToolCallsTests : IAsyncLifetime
{
    private FakeServer _server = null!;
    private FaceCloudClient _client = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _server.Gallery.Fill("staff", "ada", "grace");
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task IdentifyFramesAsync_Frames_EachHasAReplyAndSettingsArrive()
    {
        var frames = Frames("ada", "stale", "damaged", "grace");

        var replies = await _client.IdentifyFramesAsync("staff", frames, new IdentifyOptions { AllFaces = true, MaxFalsePositiveRate = 0.02 }, Cancelled).ToListAsync(Cancelled);

        Assert.Equal([1L, 2, 3, 4], replies.Select(reply => reply.FrameId));
        Assert.Equal(["ada", "grace"], replies.Where(reply => reply.Answer is not null).Select(reply => reply.Answer.Faces[0].Candidates[0].PersonId));
        Assert.NotNull(replies[1].Skipped);
        Assert.Equal("PHOTO_DAMAGED", replies[2].Failure.Reason);
        Assert.Equal((FaceSelection.All, 0.02), (_server.Frames.LastSettings!.Faces, _server.Frames.LastSettings.MaxFalsePositiveRate));
    }

    [Theory]
    [InlineData("nowhere", "ada")]
    [InlineData("staff", "gone")]
    public async Task IdentifyFramesAsync_ServerEndsTheStream_ThrowsItsReason(string gallery, string photo)
    {
        var failure = await Assert.ThrowsAsync<FaceCloudException>(
            async () => await _client.IdentifyFramesAsync(gallery, Frames([.. Enumerable.Repeat(photo, 100)]), cancellationToken: Cancelled).ToListAsync(Cancelled));

        Assert.Equal("GALLERY_NOT_FOUND", failure.Reason);
    }

    [Fact]
    public async Task IdentifyFramesAsync_SourceFails_ThrowsItsFailure()
    {
        var failure = await Assert.ThrowsAsync<InvalidDataException>(
            async () => await _client.IdentifyFramesAsync("staff", Breaking(), cancellationToken: Cancelled).ToListAsync(Cancelled));

        Assert.Equal("The camera broke.", failure.Message);

        static async IAsyncEnumerable<Frame> Breaking()
        {
            yield return new Frame { FrameId = 1, Photo = ByteString.CopyFrom(FakePhoto.Of("ada")) };
            await Task.Yield();
            throw new InvalidDataException("The camera broke.");
        }
    }

    [Fact]
    public async Task IdentifyFramesAsync_CallerLeaves_TheSourceIsLeftToo()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await foreach (var reply in _client.IdentifyFramesAsync("staff", Endless(left), cancellationToken: Cancelled))
        {
            Assert.Equal(1, reply.FrameId);
            break;
        }

        await left.Task.WaitAsync(Cancelled);

        static async IAsyncEnumerable<Frame> Endless(TaskCompletionSource left, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                for (var i = 1; ; i++)
                {
                    yield return new Frame { FrameId = i, Photo = ByteString.CopyFrom(FakePhoto.Of("ada")) };
                    await Task.Delay(1, cancellationToken);
                }
            }
            finally
            {
                left.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task GroupAsync_PhotosAndOptions_AreSent()
    {
        var answer = await _client.GroupAsync(
            [("1.jpg", FaceInput.Photo(FakePhoto.Of("ada"))), ("2.jpg", FaceInput.Photo(FakePhoto.Of("ada"))), ("3.jpg", FaceInput.Photo(FakePhoto.Of("empty")))],
            new GroupOptions { GalleryId = "staff", EnrolledFaces = true, AllFaces = true, Threshold = 0.4f },
            Cancelled);

        Assert.Equal(["1.jpg", "2.jpg"], Assert.Single(answer.Groups).Faces.Select(face => face.ItemId));
        Assert.Equal("3.jpg", Assert.Single(answer.Ungrouped).ItemId);
        var sent = _server.Grouping.LastGroup!;
        Assert.Equal(("staff", true, FaceSelection.All, 0.4f, false), (sent.GalleryId, sent.EnrolledFaces, sent.Faces, sent.Threshold, sent.HasMaxFalseAcceptRate));
    }

    [Fact]
    public async Task FindSimilarAsync_UnknownPerson_ThrowsTheReason()
    {
        var found = await _client.FindSimilarAsync(new FindSimilarRequest { GalleryId = "staff", PersonId = "ada" }, Cancelled);
        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => _client.FindSimilarAsync(new FindSimilarRequest { GalleryId = "staff", PersonId = "eve" }, Cancelled));

        Assert.Equal("grace", Assert.Single(found.Persons).PersonId);
        Assert.Equal("PERSON_NOT_FOUND", failure.Reason);
    }

    [Fact]
    public async Task ExamineAsync_Gallery_ReturnsFindings()
    {
        var answer = await _client.ExamineAsync(new ExamineRequest { GalleryId = "staff" }, Cancelled);

        Assert.Equal("grace", Assert.Single(answer.Mislabelled).LikelyPersonId);
    }

    [Fact]
    public async Task ExportGalleryAsync_ThenImport_SameBytes()
    {
        using var file = new MemoryStream();
        var told = new List<BackupProgress>();
        var summary = await _client.ExportGalleryAsync("staff", file, new Told(told), Cancelled);
        file.Position = 0;

        var answer = await _client.ImportGalleryAsync(file, new ImportOptions { GalleryId = "copy", ReplaceSettings = true }, cancellationToken: Cancelled);

        Assert.Equal(_server.Backups.File, file.ToArray());
        Assert.Equal((700_000, new BackupProgress(700_000, 700_000)), (summary.Bytes, told[^1]));
        Assert.Equal(("copy", true, 1L), (answer.GalleryId, answer.SettingsApplied, answer.PersonsAdded));
    }

    [Fact]
    public async Task ExportGalleryAsync_EndsEarlyOrBreaks_Throws()
    {
        _server.Backups.EndsEarly = true;
        var early = await Assert.ThrowsAsync<FaceCloudException>(() => _client.ExportGalleryAsync("staff", Stream.Null, cancellationToken: Cancelled));
        (_server.Backups.EndsEarly, _server.Backups.Breaks) = (false, true);
        var broken = await Assert.ThrowsAsync<FaceCloudException>(() => _client.ExportGalleryAsync("staff", Stream.Null, cancellationToken: Cancelled));

        Assert.Equal(("BACKUP_DAMAGED", "STORE_UNAVAILABLE"), (early.Reason, broken.Reason));
    }

    [Fact]
    public async Task ImportGalleryAsync_OtherFile_ThrowsTheReason()
    {
        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => _client.ImportGalleryAsync(new MemoryStream(new byte[10]), cancellationToken: Cancelled));

        Assert.Equal("BACKUP_DAMAGED", failure.Reason);
    }

    private static async IAsyncEnumerable<Frame> Frames(params string[] photos)
    {
        for (var i = 0; i < photos.Length; i++)
        {
            yield return new Frame { FrameId = i + 1, Photo = ByteString.CopyFrom(FakePhoto.Of(photos[i])) };
            await Task.Yield();
        }
    }

    private sealed class Told(List<BackupProgress> told) : IProgress<BackupProgress>
    {
        public void Report(BackupProgress value) => told.Add(value);
    }
}
