namespace Aspire.Hosting.ApplicationModel;

public sealed class EndpointAnnotation(string name, int? port, int? targetPort, string? environment)
{
    public string Name => name;

    public int? Port => port;

    public int? TargetPort => targetPort;

    /// <summary>Not Aspire's name: the variable that carries the port.</summary>
    public string? EnvironmentVariable => environment;

    public string Transport { get; set; } = "http";
}

public sealed class EndpointReference(IResource resource, string endpointName)
{
    public IResource Resource => resource;

    public string EndpointName => endpointName;
}

public enum ProbeType
{
    Startup,
    Readiness,
    Liveness,
}

public abstract class ParameterDefault;

public sealed class GenerateParameterDefault : ParameterDefault
{
    public int MinLength { get; set; }

    public bool Special { get; set; } = true;
}
