using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Microsoft.OpenApi;

namespace FaceCloud.ServiceDefaults.OpenApi;

/// <summary>JSON schemas of proto messages, as protobuf's JSON mapping writes them; messages and enums become components.</summary>
internal sealed class ProtoSchemas(OpenApiDocument document, ProtoComments comments)
{
    private const string StatusName = "google.rpc.Status";

    private static readonly IReadOnlySet<string> NoFields = FrozenSet<string>.Empty;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>A reference to the message's component, which is made at the first mention.</summary>
    public IOpenApiSchema Of(MessageDescriptor message) => message.FullName switch
    {
        "google.protobuf.Timestamp" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
        "google.protobuf.Duration" => new OpenApiSchema { Type = JsonSchemaType.String, Description = "Seconds, such as \"1.5s\"" },
        "google.protobuf.Empty" => new OpenApiSchema { Type = JsonSchemaType.Object },
        _ => Reference(message, () => Object(message, NoFields)),
    };

    public IOpenApiSchema Of(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Value(field.MessageType.FindFieldByNumber(2)) };
        }

        return field.IsRepeated ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = Value(field) } : Value(field);
    }

    /// <summary>The message without the fields that stand in the path.</summary>
    public IOpenApiSchema Without(MessageDescriptor message, IReadOnlySet<string> fields) =>
        fields.Count == 0 ? Of(message) : Object(message, fields);

    /// <summary>What every failed call answers.</summary>
    public IOpenApiSchema Error()
    {
        if (_names.TryAdd(StatusName, "Error"))
        {
            document.AddComponent<IOpenApiSchema>("Error", new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "google.rpc.Status: why a call failed.",
                Required = new HashSet<string> { "code", "message", "details" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["code"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Integer,
                        Format = "int32",
                        Description = "gRPC status code: 3 INVALID_ARGUMENT, 5 NOT_FOUND, 6 ALREADY_EXISTS, 8 RESOURCE_EXHAUSTED, 9 FAILED_PRECONDITION, 13 INTERNAL, 14 UNAVAILABLE, …",
                    },
                    ["message"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A sentence that says what to do." },
                    ["details"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array,
                        Items = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Description = "google.rpc.ErrorInfo",
                            Properties = new Dictionary<string, IOpenApiSchema>
                            {
                                ["@type"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "type.googleapis.com/google.rpc.ErrorInfo" },
                                ["reason"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "For programs, such as GALLERY_NOT_FOUND or PHOTO_TOO_LARGE." },
                                ["domain"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "facecloud" },
                                ["metadata"] = new OpenApiSchema
                                {
                                    Type = JsonSchemaType.Object,
                                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String },
                                },
                            },
                        },
                    },
                },
            });
        }

        return new OpenApiSchemaReference("Error", document);
    }

    private IOpenApiSchema Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Of(field.MessageType),
        FieldType.Enum => Of(field.EnumType),
        FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        FieldType.String => new OpenApiSchema { Type = JsonSchemaType.String },
        FieldType.Bytes => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte", ContentEncoding = "base64" },
        FieldType.Float => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "float" },
        FieldType.Double => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" },
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => new OpenApiSchema { Type = JsonSchemaType.String, Format = "int64" },
        FieldType.UInt64 or FieldType.Fixed64 => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uint64" },
        FieldType.UInt32 or FieldType.Fixed32 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "uint32" },
        _ => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
    };

    private OpenApiSchemaReference Of(EnumDescriptor type) => Reference(type, () =>
    {
        var values = type.Values.Select(value => comments.Of(value) is { } comment ? $"* `{value.Name}`: {comment}" : $"* `{value.Name}`");
        return new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = $"{comments.Of(type)}\n\n{string.Join('\n', values)}".Trim(),
            Enum = [.. type.Values.Select(value => (JsonNode)value.Name)],
        };
    });

    private OpenApiSchema Object(MessageDescriptor message, IReadOnlySet<string> without)
    {
        var fields = message.Fields.InDeclarationOrder().Where(field => !without.Contains(field.Name));
        var alternatives = message.Oneofs
            .Where(oneof => !oneof.IsSynthetic)
            .Select(oneof => $"At most one of {string.Join(", ", oneof.Fields.Select(field => $"`{field.JsonName}`"))}.");
        var description = string.Join("\n\n", [.. new[] { comments.Of(message) }.OfType<string>(), .. alternatives]);
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = description.Length > 0 ? description : null,
            Properties = fields.ToDictionary(field => field.JsonName, Described),
        };
    }

    private IOpenApiSchema Described(FieldDescriptor field)
    {
        var schema = Of(field);
        if (comments.Of(field) is not { } comment)
        {
            return schema;
        }

        if (schema is OpenApiSchema inline)
        {
            inline.Description = comment;
        }
        else if (schema is OpenApiSchemaReference reference)
        {
            reference.Description = comment;
        }

        return schema;
    }

    // The short name; the full one where two packages share it.
    private OpenApiSchemaReference Reference(IDescriptor descriptor, Func<OpenApiSchema> schema)
    {
        if (!_names.TryGetValue(descriptor.FullName, out var name))
        {
            name = _names.ContainsValue(descriptor.Name) ? descriptor.FullName : descriptor.Name;

            // Named before it is described: a message may contain itself.
            _names.Add(descriptor.FullName, name);
            document.AddComponent<IOpenApiSchema>(name, schema());
        }

        return new OpenApiSchemaReference(name, document);
    }
}
