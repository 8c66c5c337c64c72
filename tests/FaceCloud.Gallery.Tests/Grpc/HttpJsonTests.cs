using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FaceCloud.Testing;

namespace FaceCloud.Gallery.Tests.Grpc;

/// <summary>The same calls as curl makes them.</summary>
public sealed class HttpJsonTests
{
    [Fact]
    public async Task EnrolVerifyIdentify_OverJson_AnswerAsOverGrpc()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);
        var photo = Convert.ToBase64String(TestPhotos.Person(1));
        var probe = new { photo = Convert.ToBase64String(TestPhotos.Person(1, 1)) };

        var created = await PostAsync(host, "/v1/galleries", new { galleryId = "staff", settings = new { maxFalsePositiveRate = 0.001 } });
        var enrolled = await PostAsync(host, "/v1/galleries/staff/persons/ada/faces", new { photo, name = "Ada" });
        var verified = await PostAsync(host, "/v1/galleries/staff:verify", new { personId = "ada", probe });
        var compared = await PostAsync(host, "/v1/verify", new { photo, probe });
        var identified = await PostAsync(host, "/v1/galleries/staff:identify", new { probe });
        var faces = await host.Http.GetFromJsonAsync<JsonElement>("/v1/galleries/staff/persons/ada/faces", TestContext.Current.CancellationToken);

        Assert.Equal("staff", created.GetProperty("galleryId").GetString());
        Assert.Equal("ENROL_OUTCOME_ENROLLED", enrolled.GetProperty("outcome").GetString());
        Assert.True(verified.GetProperty("matched").GetBoolean());
        Assert.True(compared.GetProperty("matched").GetBoolean());
        Assert.Equal("IDENTIFY_OUTCOME_RECOGNIZED", identified.GetProperty("outcome").GetString());
        Assert.Equal("THRESHOLD_SOURCE_GALLERY_RATE", identified.GetProperty("threshold").GetProperty("source").GetString());
        Assert.Equal("Ada", identified.GetProperty("faces")[0].GetProperty("candidates")[0].GetProperty("name").GetString());
        Assert.Equal(
            enrolled.GetProperty("face").GetProperty("faceId").GetString(),
            faces.GetProperty("faces")[0].GetProperty("faceId").GetString());
    }

    [Fact]
    public async Task PersonCalls_OverJson_RoundTrip()
    {
        await using var host = await GalleryHost.StartAsync();
        var token = TestContext.Current.CancellationToken;

        var put = await host.Http.PutAsJsonAsync("/v1/galleries/staff/persons/ada", new { name = "Ada", metadata = new { team = "maths" } }, token);
        var got = await host.Http.GetFromJsonAsync<JsonElement>("/v1/galleries/staff/persons/ada", token);
        var renamed = await host.Http.PatchAsJsonAsync("/v1/galleries/staff", new { name = "Everybody" }, token);
        var deleted = await host.Http.DeleteAsync("/v1/galleries/staff/persons/ada", token);
        var gone = await host.Http.GetAsync("/v1/galleries/staff/persons/ada", token);

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal("maths", got.GetProperty("metadata").GetProperty("team").GetString());
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("/v1/galleries/nowhere", HttpStatusCode.NotFound, "GALLERY_NOT_FOUND")]
    [InlineData("/v1/galleries/STAFF", HttpStatusCode.BadRequest, "INVALID_ID")]
    [InlineData("/v1/galleries/staff/persons?page_token=x", HttpStatusCode.BadRequest, "INVALID_PAGE_TOKEN")]
    [InlineData("/v1/galleries/staff/persons/eve", HttpStatusCode.NotFound, "PERSON_NOT_FOUND")]
    public async Task Failure_OverJson_CarriesTheReason(string path, HttpStatusCode status, string reason)
    {
        await using var host = await GalleryHost.StartAsync();

        var reply = await host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        await AssertReasonAsync(reply, status, reason);
    }

    [Fact]
    public async Task Failure_EncoderDown_IsServiceUnavailableWithTheReason()
    {
        await using var host = await GalleryHost.StartAsync();
        host.Encoder.IsDown = true;

        var reply = await host.Http.PostAsJsonAsync(
            "/v1/galleries/staff:identify", new { probe = new { photo = Convert.ToBase64String(TestPhotos.Person(1)) } }, TestContext.Current.CancellationToken);

        await AssertReasonAsync(reply, HttpStatusCode.ServiceUnavailable, "ENCODER_UNAVAILABLE");
    }

    [Fact]
    public async Task Body_NotJson_IsBadRequest()
    {
        await using var host = await GalleryHost.StartAsync();
        using var content = new StringContent("{", System.Text.Encoding.UTF8, "application/json");

        var reply = await host.Http.PostAsync("/v1/galleries/staff:identify", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
    }

    [Fact]
    public async Task Health_IndexLoaded_SaysHealthy()
    {
        await using var host = await GalleryHost.StartAsync();

        var health = await host.Http.GetFromJsonAsync<JsonElement>("/health", TestContext.Current.CancellationToken);

        Assert.Equal("Healthy", health.GetProperty("checks").GetProperty("index").GetProperty("status").GetString());
        Assert.Equal("Healthy", health.GetProperty("checks").GetProperty("store-gallery").GetProperty("status").GetString());
    }

    private static async Task<JsonElement> PostAsync(GalleryHost host, string path, object body)
    {
        var reply = await host.Http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return await reply.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static async Task AssertReasonAsync(HttpResponseMessage reply, HttpStatusCode status, string reason)
    {
        var body = await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var error = JsonDocument.Parse(body).RootElement;

        Assert.Equal(status, reply.StatusCode);
        Assert.NotEqual("", error.GetProperty("message").GetString());
        var info = Assert.Single(error.GetProperty("details").EnumerateArray());
        Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", info.GetProperty("@type").GetString());
        Assert.Equal(("facecloud", reason), (info.GetProperty("domain").GetString(), info.GetProperty("reason").GetString()));
    }
}
