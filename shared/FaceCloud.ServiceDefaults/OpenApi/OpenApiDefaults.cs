using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Scalar.AspNetCore;

namespace FaceCloud.ServiceDefaults.OpenApi;

/// <summary>The HTTP/JSON calls as an OpenAPI document (<c>/openapi/v1.json</c>) and a page to read and try them (<c>/docs</c>).</summary>
public static class OpenApiDefaults
{
    public const string DocumentPath = "/openapi/v1.json";
    public const string PagePath = "/docs";

    public static TBuilder AddOpenApiDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOpenApi(options => options.AddDocumentTransformer<TranscodingDocument>());
        return builder;
    }

    public static void MapOpenApiDefaults(this WebApplication app)
    {
        app.MapOpenApi();

        // Everything comes from this process: the page must work where there is no internet.
        app.MapScalarApiReference(PagePath, options => options
            .WithTitle(TranscodingDocument.Title)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools());
        app.MapGet("/", () => Results.Redirect(PagePath)).ExcludeFromDescription();
    }
}
