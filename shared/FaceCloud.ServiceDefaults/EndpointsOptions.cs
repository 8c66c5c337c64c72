using System.ComponentModel.DataAnnotations;

namespace FaceCloud.ServiceDefaults;

/// <summary>Where a service listens. Clear-text gRPC (HTTP/2) and HTTP/1.1 need a port each.</summary>
public sealed class EndpointsOptions
{
    public const string SectionName = "Endpoints";

    /// <summary>Address to bind; default 127.0.0.1, so that nothing is open to a network unless asked.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port of HTTP/JSON, health and the API page; default: the service's own; 0 takes any free port.</summary>
    [Range(0, 65535)]
    public int? HttpPort { get; set; }

    /// <summary>Port of gRPC; default: the service's own; 0 takes any free port.</summary>
    [Range(0, 65535)]
    public int? GrpcPort { get; set; }
}
