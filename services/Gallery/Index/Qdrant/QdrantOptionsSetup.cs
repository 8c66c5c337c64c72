using System.Data.Common;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index.Qdrant;

/// <summary>Fills in the connection string, as Aspire gives it, and says what is missing.</summary>
internal sealed class QdrantOptionsSetup(IConfiguration configuration, IndexSelection selection) : IPostConfigureOptions<QdrantOptions>, IValidateOptions<QdrantOptions>
{
    private const string ConnectionName = "qdrant";

    public void PostConfigure(string? name, QdrantOptions options)
    {
        if (configuration.GetConnectionString(ConnectionName) is not { Length: > 0 } text)
        {
            return;
        }

        // A bare address is a connection string too.
        var parts = text.Contains('=', StringComparison.Ordinal) ? Parse(text) : new DbConnectionStringBuilder { ["Endpoint"] = text };
        if (options.Endpoint is null && parts.TryGetValue("Endpoint", out var endpoint))
        {
            options.Endpoint = Uri.TryCreate(endpoint.ToString(), UriKind.Absolute, out var address) ? address : throw Wrong("its Endpoint is not an address");
        }

        if (options.ApiKey is null && parts.TryGetValue("Key", out var key))
        {
            options.ApiKey = key.ToString();
        }
    }

    public ValidateOptionsResult Validate(string? name, QdrantOptions options)
    {
        if (options.Endpoint is { } endpoint && endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps)
        {
            return ValidateOptionsResult.Fail("Qdrant:Endpoint must be an http or https address, for example http://localhost:6334.");
        }

        if (options.CaFile is { Length: > 0 } file && !File.Exists(file))
        {
            return ValidateOptionsResult.Fail($"Qdrant:CaFile: there is no file '{file}'.");
        }

        if (options.CaFile is { Length: > 0 } && options.Endpoint?.Scheme == Uri.UriSchemeHttp)
        {
            return ValidateOptionsResult.Fail("Qdrant:CaFile is set, but Qdrant:Endpoint is http; use an https address.");
        }

        if (options.WriteConsistencyFactor > options.ReplicationFactor)
        {
            return ValidateOptionsResult.Fail("Qdrant:WriteConsistencyFactor cannot be more than Qdrant:ReplicationFactor.");
        }

        return selection.Uses(IndexKind.Qdrant) && options.Endpoint is null
            ? ValidateOptionsResult.Fail("The index is qdrant: set Qdrant:Endpoint (its gRPC address, for example http://localhost:6334) or the connection string 'qdrant'.")
            : ValidateOptionsResult.Success;
    }

    private static DbConnectionStringBuilder Parse(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            // Without the parser's own words, which quote the key.
            throw Wrong("it is not of the form Endpoint=http://host:6334;Key=…");
        }
    }

    private static OptionsValidationException Wrong(string how) =>
        new(QdrantOptions.SectionName, typeof(QdrantOptions), [$"The connection string 'qdrant' cannot be read: {how} (Qdrant:Endpoint)."]);
}
