using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceCloud.ServiceDefaults;

/// <summary>Two listeners: HTTP/1.1 for JSON and pages, HTTP/2 for gRPC.</summary>
public static class Endpoints
{
    /// <summary>
    /// A photo has 20 MB; base64 in JSON makes a third more of it. Well above that, so that a photo that is too large
    /// is answered with its own reason and not with a broken connection.
    /// </summary>
    public const int MaxMessageBytes = 64 * 1024 * 1024;

    /// <summary>Listens on the configured ports, or on the given ones when none are configured.</summary>
    /// <exception cref="OptionsValidationException">A port is out of range.</exception>
    /// <exception cref="InvalidOperationException">The address is not an IP address.</exception>
    public static WebApplicationBuilder AddEndpoints(this WebApplicationBuilder builder, int httpPort, int grpcPort)
    {
        builder.Services.AddOptions<EndpointsOptions>()
            .BindConfiguration(EndpointsOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        var options = builder.Configuration.GetSection(EndpointsOptions.SectionName).Get<EndpointsOptions>() ?? new EndpointsOptions();

        // Checked here too: Kestrel takes the ports before the host validates options, and its complaint names no setting.
        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
        {
            throw new OptionsValidationException(
                EndpointsOptions.SectionName, typeof(EndpointsOptions), wrong.Select(result => $"{EndpointsOptions.SectionName}: {result.ErrorMessage}"));
        }

        if (!IPAddress.TryParse(options.Address, out var address))
        {
            throw new InvalidOperationException($"Endpoints:Address must be an IP address such as 127.0.0.1 or 0.0.0.0; it is '{options.Address}'.");
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxMessageBytes;
            kestrel.Listen(address, options.HttpPort ?? httpPort, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(address, options.GrpcPort ?? grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        return builder;
    }
}
