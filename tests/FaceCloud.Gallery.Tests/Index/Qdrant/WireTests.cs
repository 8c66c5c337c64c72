using System.Text.RegularExpressions;
using FaceCloud.Testing;
using Google.Protobuf.Reflection;
using Qdrant.Client.Grpc;

namespace FaceCloud.Gallery.Tests.Index.Qdrant;

/// <summary>Our part of Qdrant's protocol has its names and numbers, and the adapter keeps to what the package Qdrant.Client has too.</summary>
public sealed partial class WireTests
{
    // The resource lists what server and package 1.18 have.
    [Fact]
    public void Descriptors_EveryFieldAndEnum_AreThoseOfTheServer()
    {
        using var reader = new StreamReader(typeof(WireTests).Assembly.GetManifestResourceStream("qdrant-1.18.txt")!);
        var expected = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        var file = QueryPointGroups.Descriptor.File;

        var fields = file.MessageTypes.SelectMany(message => message.Fields.InDeclarationOrder(), (message, field) => $"{message.Name}.{field.Name} = {field.FieldNumber} {TypeOf(field)}");
        var values = file.EnumTypes.SelectMany(type => type.Values, (type, value) => $"{type.Name}.{value.Name} = {value.Number}");

        Assert.Equal("qdrant", file.Package);
        Assert.Equal(expected, fields.Concat(values).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Services_EveryCall_HasTheNamesOfTheServer()
    {
        string[] expected =
        [
            "Collections/Create CreateCollection CollectionOperationResponse",
            "Collections/Delete DeleteCollection CollectionOperationResponse",
            "Collections/Get GetCollectionInfoRequest GetCollectionInfoResponse",
            "Collections/List ListCollectionsRequest ListCollectionsResponse",
            "Collections/ListAliases ListAliasesRequest ListAliasesResponse",
            "Collections/UpdateAliases ChangeAliases CollectionOperationResponse",
            "Points/Count CountPoints CountResponse",
            "Points/CreateFieldIndex CreateFieldIndexCollection PointsOperationResponse",
            "Points/Delete DeletePoints PointsOperationResponse",
            "Points/Get GetPoints GetResponse",
            "Points/QueryGroups QueryPointGroups QueryGroupsResponse",
            "Points/Scroll ScrollPoints ScrollResponse",
            "Points/Upsert UpsertPoints PointsOperationResponse",
            "Qdrant/HealthCheck HealthCheckRequest HealthCheckReply",
        ];

        var calls = QueryPointGroups.Descriptor.File.Services.SelectMany(
            service => service.Methods, (service, method) => $"{service.Name}/{method.Name} {method.InputType.Name} {method.OutputType.Name}");

        Assert.Equal(expected, calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Adapter_Source_UsesGeneratedTypesAlone()
    {
        var sources = AdapterSources();

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.DoesNotMatch(OnlyInThePackage(), source.Text));
        Assert.All(sources, source => Assert.DoesNotContain("Reflection.", source.Text, StringComparison.Ordinal));
        Assert.All(sources, source => Assert.DoesNotContain("partial class", source.Text, StringComparison.Ordinal));
    }

    // Version 1.19 of the package marks these obsolete, and warnings are errors.
    [Fact]
    public void Adapter_WhatNewerVersionsMarkObsolete_IsSetInOnePlaceUnderAPragma()
    {
        foreach (var (name, text) in AdapterSources())
        {
            var allowed = Suppressed().Replace(text, "");
            Assert.False(ObsoleteIn119().IsMatch(allowed), $"{name} sets what version 1.19 marks obsolete.");
        }
    }

    [Fact]
    public void Projects_TheSwitch_IsOneLineEach()
    {
        var gallery = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "services/Gallery/FaceCloud.Gallery.csproj"));

        Assert.Contains("FaceCloud.Qdrant.Wire.csproj\" Condition=\"'$(QdrantClient)' != 'package'\"", gallery, StringComparison.Ordinal);
        Assert.Contains("<PackageReference Include=\"Qdrant.Client\" Condition=\"'$(QdrantClient)' == 'package'\" />", gallery, StringComparison.Ordinal);
    }

    private static (string Name, string Text)[] AdapterSources() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "services/Gallery"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file)))
            .Where(source => source.Item2.Contains("using Qdrant.Client.Grpc;", StringComparison.Ordinal)),
    ];

    private static string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return $"map<string,{field.MessageType.FindFieldByNumber(2).MessageType.Name}>";
        }

        var label = field.IsRepeated ? "repeated " : field.RealContainingOneof is null && field.HasPresence && field.FieldType != Google.Protobuf.Reflection.FieldType.Message ? "optional " : "";
        return label + field.FieldType switch
        {
            Google.Protobuf.Reflection.FieldType.Message => field.MessageType.Name,
            Google.Protobuf.Reflection.FieldType.Enum => field.EnumType.Name,
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
    }

    [GeneratedRegex(@"\bConditions\.|\bQdrantGrpcClient\b|\bnew QdrantClient\(|\bQdrantChannel\.ForAddress|\bGetDenseVector\b")]
    private static partial Regex OnlyInThePackage();

    [GeneratedRegex(@"#pragma warning disable CS0612.*?#pragma warning restore CS0612", RegexOptions.Singleline)]
    private static partial Regex Suppressed();

    [GeneratedRegex(@"\b(OnDisk|AlwaysRam|OnDiskPayload)\s*=")]
    private static partial Regex ObsoleteIn119();
}
