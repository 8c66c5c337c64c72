using Google.Protobuf.Reflection;

namespace FaceCloud.ServiceDefaults.OpenApi;

/// <summary>
/// The comments of the protos by full name. Generated code has none; FaceCloud.Protos carries a descriptor set with them as a resource.
/// </summary>
internal sealed class ProtoComments
{
    private const string Resource = "facecloud.protoset";

    private readonly Dictionary<string, string> _comments = new(StringComparer.Ordinal);

    private ProtoComments()
    {
    }

    public static ProtoComments Load()
    {
        var assembly = typeof(Protos.Gallery.V1.GalleryReflection).Assembly;
        using var stream = assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} lacks its resource {Resource}.");
        var set = FileDescriptorSet.Parser.ParseFrom(stream);

        var comments = new ProtoComments();
        foreach (var file in FileDescriptor.BuildFromByteStrings(set.File.Select(Google.Protobuf.MessageExtensions.ToByteString)))
        {
            foreach (var service in file.Services)
            {
                comments.Add(service.FullName, service.Declaration);
                foreach (var method in service.Methods)
                {
                    comments.Add(method.FullName, method.Declaration);
                }
            }

            foreach (var message in file.MessageTypes)
            {
                comments.Add(message);
            }

            foreach (var type in file.EnumTypes)
            {
                comments.Add(type);
            }
        }

        return comments;
    }

    /// <summary>Null where the proto says nothing.</summary>
    public string? Of(IDescriptor descriptor) => _comments.GetValueOrDefault(descriptor.FullName);

    private void Add(MessageDescriptor message)
    {
        Add(message.FullName, message.Declaration);
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            Add(field.FullName, field.Declaration);
        }

        foreach (var nested in message.NestedTypes)
        {
            Add(nested);
        }

        foreach (var type in message.EnumTypes)
        {
            Add(type);
        }
    }

    private void Add(EnumDescriptor type)
    {
        Add(type.FullName, type.Declaration);
        foreach (var value in type.Values)
        {
            Add(value.FullName, value.Declaration);
        }
    }

    private void Add(string fullName, DescriptorDeclaration? declaration)
    {
        if (declaration is null)
        {
            return;
        }

        var lines = $"{declaration.LeadingComments}\n{declaration.TrailingComments}"
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length > 0)
        {
            _comments[fullName] = string.Join('\n', lines);
        }
    }
}
