// The health check of containers whose image has no shell and no curl: exit code 0 when the address answers with success.
if (args is not [var address] || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
{
    await Console.Error.WriteLineAsync("Usage: dotnet FaceCloud.Probe.dll http://127.0.0.1:8080/health");
    return 2;
}

using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(8) };
try
{
    using var response = await client.GetAsync(uri);
    await Console.Out.WriteLineAsync($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    return response.IsSuccessStatusCode ? 0 : 1;
}
catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
{
    await Console.Out.WriteLineAsync($"{uri}: {exception.Message}");
    return 1;
}
