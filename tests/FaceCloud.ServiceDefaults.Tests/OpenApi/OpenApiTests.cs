using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FaceCloud.Protos.Encoder.V1;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using Google.Api;
using Google.Protobuf.Reflection;

namespace FaceCloud.ServiceDefaults.Tests.OpenApi;

public sealed partial class OpenApiTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly ServiceDescriptor[] Services = [EncoderService.Descriptor, GalleryService.Descriptor, IndexService.Descriptor, IngestionService.Descriptor];

    private JsonElement Paths => api.Document.GetProperty("paths");

    private JsonElement Schemas => api.Document.GetProperty("components").GetProperty("schemas");

    [Fact]
    public void Document_EveryHttpRuleOfTheProtos_IsDescribedAndNothingElse()
    {
        var expected = Rules().Select(rule => (rule.Path, rule.Verb)).Order().ToArray();

        var described = Paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Camel(path.Name), operation.Name)))
            .Order()
            .ToArray();

        Assert.Equal(39, expected.Length);
        Assert.Equal(expected, described);
    }

    [Fact]
    public void Document_EveryOperation_HasSummaryDescriptionTagAndAnIdOfItsOwn()
    {
        var operations = Operations().ToArray();

        Assert.All(operations, operation =>
        {
            Assert.NotEqual("", operation.GetProperty("summary").GetString());
            Assert.NotEqual("", operation.GetProperty("description").GetString());
            Assert.Single(operation.GetProperty("tags").EnumerateArray());
        });
        Assert.Equal(operations.Length, operations.Select(operation => operation.GetProperty("operationId").GetString()).Distinct().Count());
    }

    [Fact]
    public void Document_EveryPathVariable_IsARequiredParameterAndNotInTheBody()
    {
        foreach (var path in Paths.EnumerateObject())
        {
            var variables = PathVariable().Matches(path.Name).Select(match => match.Groups[1].Value).Order().ToArray();
            foreach (var operation in path.Value.EnumerateObject().Select(property => property.Value))
            {
                var parameters = Parameters(operation, "path").ToArray();
                Assert.Equal(variables, parameters.Select(parameter => parameter.GetProperty("name").GetString()).Order());
                Assert.All(parameters, parameter => Assert.True(parameter.GetProperty("required").GetBoolean()));
                if (operation.TryGetProperty("requestBody", out var body) && Content(body).TryGetProperty("properties", out var properties))
                {
                    Assert.Empty(properties.EnumerateObject().Select(property => property.Name).Intersect(variables));
                }
            }
        }
    }

    [Fact]
    public void Document_EveryReference_Resolves()
    {
        var references = References(api.Document).Distinct().ToArray();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(Schemas.TryGetProperty(reference.Split('/')[^1], out _), reference));
    }

    [Fact]
    public void Document_EveryOperation_DescribesItsFailures()
    {
        Assert.All(Operations(), operation =>
            Assert.Equal("#/components/schemas/Error", Content(operation.GetProperty("responses").GetProperty("default")).GetProperty("$ref").GetString()));
    }

    [Fact]
    public void Schema_EveryField_IsThereUnderItsJsonName()
    {
        foreach (var message in new[] { VerifyResponse.Descriptor, Person.Descriptor, Job.Descriptor, IdentifiedFace.Descriptor, Model.Descriptor })
        {
            var properties = Schemas.GetProperty(message.Name).GetProperty("properties").EnumerateObject().Select(property => property.Name);

            Assert.Equal(message.Fields.InDeclarationOrder().Select(field => field.JsonName), properties);
        }
    }

    [Fact]
    public void Schema_KindsOfFields_FollowProtobufsJson()
    {
        var photo = Property("Probe", "photo");
        var count = Property("Gallery", "personCount");
        var created = Property("Gallery", "createdAt");
        var metadata = Property("Person", "metadata");
        var values = Property("Embedding", "values");

        Assert.Equal(("string", "byte"), (Type(photo), Format(photo)));
        Assert.Equal(("string", "int64"), (Type(count), Format(count)));
        Assert.Equal(("string", "date-time"), (Type(created), Format(created)));
        Assert.Equal(("object", "string"), (Type(metadata), Type(metadata.GetProperty("additionalProperties"))));
        Assert.Equal(("array", "number"), (Type(values), Type(values.GetProperty("items"))));
    }

    [Fact]
    public void Schema_Enum_HasItsNamesWithTheirComments()
    {
        var outcome = Schemas.GetProperty("VerifyOutcome");

        Assert.Equal(
            VerifyResponse.Descriptor.FindFieldByName("outcome").EnumType.Values.Select(value => value.Name),
            outcome.GetProperty("enum").EnumerateArray().Select(value => value.GetString()));
        Assert.Contains("not a no", outcome.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_Oneof_SaysThatAtMostOneMayBeSet()
    {
        var probe = Schemas.GetProperty("Probe").GetProperty("description").GetString();

        Assert.Contains("At most one of `photo`, `embedding`.", probe, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_Comments_ComeFromTheProtos()
    {
        Assert.Contains("raw cosine", Property("VerifyResponse", "similarity").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            "is this the claimed person",
            api.Document.GetProperty("tags").EnumerateArray().Single(tag => tag.GetProperty("name").GetString() == "GalleryService").GetProperty("description").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_OfAList_AreItsScalarFields()
    {
        var operation = Paths.GetProperty("/v1/jobs/{jobId}/items").GetProperty("get");

        var query = Parameters(operation, "query");

        Assert.Equal(["outcome", "pageSize", "pageToken", "state", "errorReason", "personId"], query.Select(parameter => parameter.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Answer_OverHttp_IsAsDescribed()
    {
        var answer = JsonDocument.Parse(await api.Http.GetStringAsync("/v1/galleries/staff")).RootElement;

        var properties = Schemas.GetProperty("Gallery").GetProperty("properties").EnumerateObject().Select(property => property.Name);
        Assert.Subset(properties.ToHashSet(), answer.EnumerateObject().Select(property => property.Name).ToHashSet());
        Assert.Equal("1152921504606846976", answer.GetProperty("personCount").GetString());
    }

    [Fact]
    public async Task Failure_OverHttp_IsAsDescribed()
    {
        using var response = await api.Http.GetAsync(new Uri("/v1/galleries/none", UriKind.Relative));

        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var detail = answer.GetProperty("details").EnumerateArray().Single();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(
            Schemas.GetProperty("Error").GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(),
            answer.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(
            Property("Error", "details").GetProperty("items").GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(),
            detail.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal("GALLERY_NOT_FOUND", detail.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Page_AndItsScripts_ComeFromHere()
    {
        using var root = await api.Http.GetAsync(new Uri("/", UriKind.Relative));
        var page = await api.Http.GetStringAsync("/docs/");

        var scripts = Script().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal("/docs", root.Headers.Location!.ToString());
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            using var response = await api.Http.GetAsync(new Uri($"/docs/{script}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static IEnumerable<(string Path, string Verb)> Rules() =>
        from service in Services
        from method in service.Methods
        let rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http)
        where rule is not null
        from binding in rule.AdditionalBindings.Prepend(rule)
        select binding.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => (Camel(binding.Get), "get"),
            HttpRule.PatternOneofCase.Put => (Camel(binding.Put), "put"),
            HttpRule.PatternOneofCase.Post => (Camel(binding.Post), "post"),
            HttpRule.PatternOneofCase.Patch => (Camel(binding.Patch), "patch"),
            HttpRule.PatternOneofCase.Delete => (Camel(binding.Delete), "delete"),
            _ => throw new InvalidOperationException($"{method.FullName} has no pattern."),
        };

    // gallery_id and galleryId are one name.
    private static string Camel(string path) => path.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property =>
            property.Name == "$ref" ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static JsonElement Content(JsonElement body) => body.GetProperty("content").GetProperty("application/json").GetProperty("schema");

    private static IEnumerable<JsonElement> Parameters(JsonElement operation, string place) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == place)
            : [];

    private static string? Type(JsonElement schema) => schema.GetProperty("type").GetString();

    private static string? Format(JsonElement schema) => schema.GetProperty("format").GetString();

    private JsonElement Property(string schema, string name) => Schemas.GetProperty(schema).GetProperty("properties").GetProperty(name);

    private IEnumerable<JsonElement> Operations() =>
        Paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Value));

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex PathVariable();

    [GeneratedRegex("<script[^>]* src=\"([^\"]+)\"")]
    private static partial Regex Script();
}
