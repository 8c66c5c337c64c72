using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FaceCloud.Ingestion.Tests.Consumers;
using FaceCloud.Testing;

namespace FaceCloud.Ingestion.Tests.Grpc;

/// <summary>The same calls over HTTP with JSON.</summary>
public sealed class HttpJsonTests
{
    [Fact]
    public async Task WholeJob_OverHttp_Completed()
    {
        await using var host = await IngestionHost.StartAsync(bus => bus.AddConsumer<PlayedEncoder>());

        var started = await PostAsync(host, "/v1/jobs", new { job_id = "load", gallery_id = "staff" });
        var item = await PostAsync(host, "/v1/jobs/load/items", new { personId = "ada", source = "ada.jpg", photo = Convert.ToBase64String(TestPhotos.Person(1)) });
        await PostAsync(host, "/v1/jobs/load:close", new { });
        var watched = await host.Http.GetStringAsync("/v1/jobs/load:watch");
        var items = await host.Http.GetFromJsonAsync<JsonElement>("/v1/jobs/load/items?outcome=ENROL_OUTCOME_ENROLLED");

        Assert.Equal("JOB_STATE_OPEN", started.GetProperty("state").GetString());
        Assert.Equal("ada.jpg", item.GetProperty("source").GetString());
        var updates = watched.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal("JOB_STATE_COMPLETED", updates[^1].GetProperty("state").GetString());
        Assert.Equal("1", updates[^1].GetProperty("counts").GetProperty("enrolled").GetString());
        Assert.Equal(item.GetProperty("itemId").GetString(), Assert.Single(items.GetProperty("items").EnumerateArray()).GetProperty("itemId").GetString());
    }

    [Fact]
    public async Task UploadPhoto_ThirtyMegabytesOverHttp_BadRequestWithItsReason()
    {
        await using var host = await IngestionHost.StartAsync();
        await host.StartJobAsync();

        using var response = await host.Http.PostAsJsonAsync("/v1/jobs/load/items", new { personId = "ada", photo = Convert.ToBase64String(new byte[30 * 1024 * 1024]) });
        var error = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("PHOTO_TOO_LARGE", error.GetProperty("details")[0].GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("/v1/jobs/none", HttpStatusCode.NotFound, "JOB_NOT_FOUND")]
    [InlineData("/v1/jobs/none:watch", HttpStatusCode.NotFound, "JOB_NOT_FOUND")]
    [InlineData("/v1/jobs/BAD", HttpStatusCode.BadRequest, "INVALID_ID")]
    [InlineData("/v1/jobs?page_token=x", HttpStatusCode.BadRequest, "INVALID_PAGE_TOKEN")]
    public async Task Get_BadRequest_StatusAndReason(string path, HttpStatusCode status, string reason)
    {
        await using var host = await IngestionHost.StartAsync();

        using var response = await host.Http.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Contains(reason, body, StringComparison.Ordinal);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Health_AllThere_NamesStorePhotosAndBus()
    {
        await using var host = await IngestionHost.StartAsync();

        var health = await host.Http.GetFromJsonAsync<JsonElement>("/health");

        Assert.Equal("Healthy", health.GetProperty("status").GetString());
        var checks = health.GetProperty("checks").EnumerateObject().Select(check => check.Name).ToArray();
        Assert.Contains("store-ingestion", checks);
        Assert.Contains("photos", checks);
        Assert.Contains("masstransit-bus", checks);
    }

    private static async Task<JsonElement> PostAsync(IngestionHost host, string path, object body)
    {
        using var response = await host.Http.PostAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
