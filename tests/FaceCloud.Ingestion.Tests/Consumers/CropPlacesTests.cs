using FaceCloud.Ingestion.Consumers;
using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Tests.Consumers;

/// <summary>How many photos are cropped at once.</summary>
public sealed class CropPlacesTests
{
    [Fact]
    public async Task Run_MoreThanPlaces_WaitUntilOneIsFree()
    {
        using var places = new CropPlaces(Options.Create(new IngestionOptions { CropConcurrency = 2 }));
        TaskCompletionSource<int>[] works = [new(), new(), new()];
        var begun = new List<int>();

        Task<int>[] answers = [.. works.Select((work, i) => places.RunAsync(
            () =>
            {
                begun.Add(i);
                return work.Task;
            },
            CancellationToken.None))];
        Assert.Equal([0, 1], begun);
        works[0].SetException(new InvalidOperationException("Not a photo."));
        await Assert.ThrowsAsync<InvalidOperationException>(() => answers[0]);
        works[1].SetResult(1);
        works[2].SetResult(2);

        Assert.Equal((1, 2), (await answers[1], await answers[2]));
        Assert.Equal([0, 1, 2], begun);
    }
}
