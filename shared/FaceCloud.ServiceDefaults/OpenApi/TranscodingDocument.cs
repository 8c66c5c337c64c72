using System.Text;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace FaceCloud.ServiceDefaults.OpenApi;

/// <summary>
/// Describes the calls that JSON transcoding maps. ASP.NET Core's own OpenAPI does not know them, so they are read from the
/// endpoints themselves: what the document says is what is served.
/// </summary>
internal sealed partial class TranscodingDocument(EndpointDataSource endpoints) : IOpenApiDocumentTransformer
{
    public const string Title = "FaceCloud";

    private const string Json = "application/json";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var comments = ProtoComments.Load();
        var schemas = new ProtoSchemas(document, comments);
        var calls = endpoints.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>())
            .OfType<GrpcJsonTranscodingMetadata>()
            .OrderBy(call => call.MethodDescriptor.Service.FullName, StringComparer.Ordinal)
            .ThenBy(call => call.MethodDescriptor.Index)
            .ToArray();

        document.Info.Title = Title;
        document.Info.Description =
            "The same calls as over gRPC, in JSON: bytes are base64, 64-bit integers are strings, enums are their names. "
            + "A failed call answers with a gRPC status code, a sentence, and a reason for programs (schema Error).";
        document.Tags ??= new HashSet<OpenApiTag>();
        document.Paths ??= [];
        foreach (var service in calls.Select(call => call.MethodDescriptor.Service).DistinctBy(service => service.FullName))
        {
            document.Tags.Add(new OpenApiTag { Name = service.Name, Description = comments.Of(service) });
        }

        var uses = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var call in calls)
        {
            var (verb, pattern) = Rule(call.HttpRule);
            var path = PathVariable().Replace(pattern, match => $"{{{JsonPath(call.MethodDescriptor, match.Groups["field"].Value)}}}");
            if (!document.Paths.TryGetValue(path, out var item))
            {
                document.Paths[path] = item = new OpenApiPathItem();
            }

            var use = uses[call.MethodDescriptor.FullName] = uses.GetValueOrDefault(call.MethodDescriptor.FullName) + 1;
            ((OpenApiPathItem)item).AddOperation(verb, Operation(document, schemas, comments, call, pattern, use));
        }

        return Task.CompletedTask;
    }

    private static OpenApiOperation Operation(
        OpenApiDocument document, ProtoSchemas schemas, ProtoComments comments, GrpcJsonTranscodingMetadata call, string pattern, int use)
    {
        var method = call.MethodDescriptor;
        var inPath = PathVariable().Matches(pattern).Select(match => match.Groups["field"].Value).ToHashSet(StringComparer.Ordinal);
        var body = call.HttpRule.Body;

        var operation = new OpenApiOperation
        {
            // A further binding of the same call has an id of its own, since ids must be unique.
            OperationId = use == 1 ? $"{method.Service.Name}_{method.Name}" : $"{method.Service.Name}_{method.Name}{use}",
            Summary = Sentence(method.Name),
            Description = comments.Of(method),
            Tags = new HashSet<OpenApiTagReference> { new(method.Service.Name, document) },
            Parameters = [],
            Responses = new OpenApiResponses
            {
                ["200"] = Answer(schemas, method, call.HttpRule.ResponseBody),
                ["default"] = new OpenApiResponse
                {
                    Description =
                        "Failed: 400 INVALID_ARGUMENT or FAILED_PRECONDITION, 404 NOT_FOUND, 409 ALREADY_EXISTS or ABORTED, 429 RESOURCE_EXHAUSTED, "
                        + "500 INTERNAL, 503 UNAVAILABLE, 504 DEADLINE_EXCEEDED.",
                    Content = Content(schemas.Error()),
                },
            },
        };

        foreach (var path in inPath)
        {
            operation.Parameters.Add(Parameter(schemas, comments, method, path, ParameterLocation.Path));
        }

        if (body == "*")
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content(schemas.Without(method.InputType, inPath)) };
            return operation;
        }

        if (body.Length > 0)
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content(schemas.Of(Field(method, body))) };
        }

        foreach (var path in QueryFields(method.InputType, "").Where(path => !inPath.Contains(path) && path.Split('.')[0] != body))
        {
            operation.Parameters.Add(Parameter(schemas, comments, method, path, ParameterLocation.Query));
        }

        return operation;
    }

    private static OpenApiResponse Answer(ProtoSchemas schemas, MethodDescriptor method, string responseBody)
    {
        var schema = responseBody.Length > 0
            ? schemas.Of(method.OutputType.FindFieldByName(responseBody))
            : schemas.Of(method.OutputType);
        return new OpenApiResponse
        {
            Description = method.IsServerStreaming ? "A stream of JSON objects, one a line, until the server ends it." : "The answer.",
            Content = Content(schema),
        };
    }

    private static OpenApiParameter Parameter(
        ProtoSchemas schemas, ProtoComments comments, MethodDescriptor method, string path, ParameterLocation location)
    {
        var field = Field(method, path);
        return new OpenApiParameter
        {
            Name = JsonPath(method, path),
            In = location,
            Required = location == ParameterLocation.Path,
            Description = comments.Of(field),
            Schema = schemas.Of(field),
        };
    }

    // What may stand in a query: scalars and lists of them, also inside messages, but neither maps nor lists of messages.
    private static IEnumerable<string> QueryFields(MessageDescriptor message, string prefix)
    {
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            if (field.FieldType != FieldType.Message || field.MessageType.FullName.StartsWith("google.protobuf.", StringComparison.Ordinal))
            {
                yield return prefix + field.Name;
            }
            else if (!field.IsRepeated && !prefix.Contains($"{field.Name}.", StringComparison.Ordinal))
            {
                foreach (var path in QueryFields(field.MessageType, $"{prefix}{field.Name}."))
                {
                    yield return path;
                }
            }
        }
    }

    private static FieldDescriptor Field(MethodDescriptor method, string path)
    {
        var message = method.InputType;
        FieldDescriptor? field = null;
        foreach (var name in path.Split('.'))
        {
            field = message.FindFieldByName(name)
                ?? throw new InvalidOperationException($"The http rule of {method.FullName} names '{path}', which is no field of {message.FullName}.");
            message = field.FieldType == FieldType.Message ? field.MessageType : message;
        }

        return field!;
    }

    private static string JsonPath(MethodDescriptor method, string path)
    {
        var parts = path.Split('.');
        return string.Join('.', parts.Select((_, index) => Field(method, string.Join('.', parts[..(index + 1)])).JsonName));
    }

    private static (HttpMethod Verb, string Pattern) Rule(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => (HttpMethod.Get, rule.Get),
        HttpRule.PatternOneofCase.Put => (HttpMethod.Put, rule.Put),
        HttpRule.PatternOneofCase.Post => (HttpMethod.Post, rule.Post),
        HttpRule.PatternOneofCase.Delete => (HttpMethod.Delete, rule.Delete),
        HttpRule.PatternOneofCase.Patch => (HttpMethod.Patch, rule.Patch),
        HttpRule.PatternOneofCase.Custom => (new HttpMethod(rule.Custom.Kind), rule.Custom.Path),
        _ => throw new InvalidOperationException("An http rule without a pattern."),
    };

    private static Dictionary<string, OpenApiMediaType> Content(IOpenApiSchema schema) => new() { [Json] = new OpenApiMediaType { Schema = schema } };

    // "CreateGallery" is "Create gallery".
    private static string Sentence(string name)
    {
        var sentence = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && sentence.Length > 0)
            {
                sentence.Append(' ').Append(char.ToLowerInvariant(letter));
            }
            else
            {
                sentence.Append(letter);
            }
        }

        return sentence.ToString();
    }

    // {gallery_id} or {name=galleries/*}
    [GeneratedRegex(@"\{(?<field>[a-z0-9_.]+)(=[^}]*)?\}")]
    private static partial Regex PathVariable();
}
