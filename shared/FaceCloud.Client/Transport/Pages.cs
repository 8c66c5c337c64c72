using System.Runtime.CompilerServices;

namespace FaceCloud.Client.Transport;

/// <summary>Reads a listing page by page, as the caller goes on.</summary>
internal static class Pages
{
    public static async IAsyncEnumerable<TItem> ReadAsync<TResponse, TItem>(
        Func<string, Task<TResponse>> page,
        Func<TResponse, IEnumerable<TItem>> items,
        Func<TResponse, string> nextToken,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var token = "";
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var response = await page(token).ConfigureAwait(false);
            foreach (var item in items(response))
            {
                yield return item;
            }

            token = nextToken(response);
        }
        while (token.Length > 0);
    }
}
