namespace FaceCloud.Ingestion.Tests;

/// <summary>For what happens a little later.</summary>
internal static class Waiting
{
    /// <summary>Asks again until it holds, for half a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 300 && !await holds(); tries++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.True(await holds());
    }
}
