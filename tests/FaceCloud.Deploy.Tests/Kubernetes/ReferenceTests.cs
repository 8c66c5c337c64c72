using System.Text.RegularExpressions;
using k8s.Models;

namespace FaceCloud.Deploy.Tests.Kubernetes;

/// <summary>Whatever an object names exists: the API server would take a wrong name without a word.</summary>
public sealed partial class ReferenceTests
{
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Services_Selectors_FindPodsAndTheirPorts(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        Assert.All(rendering.Of<V1Service>(), service =>
        {
            var found = rendering.Workloads.Where(workload => new V1LabelSelector { MatchLabels = service.Spec.Selector }.Selects(workload.Labels)).ToArray();
            Assert.Single(found);
            Assert.All(service.Spec.Ports, port =>
            {
                var target = Assert.Single(PortsOf(found[0]), candidate => candidate.Name == port.TargetPort.Value);
                Assert.Equal(target.ContainerPort, port.Port);
            });
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Workloads_Selectors_FindTheirOwnPodsOnly(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        Assert.All(rendering.Workloads, workload =>
            Assert.Equal([workload.Name], rendering.Workloads.Where(other => workload.Selector.Selects(other.Labels)).Select(other => other.Name)));
        Assert.All(rendering.Of<V1StatefulSet>(), set => Assert.Contains(rendering.Of<V1Service>(), service => service.Metadata.Name == set.Spec.ServiceName));
        Assert.All(rendering.Workloads, workload => Assert.All(
            workload.Template.Spec.TopologySpreadConstraints ?? [],
            constraint => Assert.True(constraint.LabelSelector.Selects(workload.Labels))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Budgets_AllWorkloadsThatAreMany_HaveOne(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        Assert.All(rendering.Of<V1PodDisruptionBudget>(), budget => Assert.Single(rendering.Workloads, workload => budget.Spec.Selector.Selects(workload.Labels)));
        Assert.All(
            rendering.Workloads.Where(workload => workload.Name != "postgres"),
            workload => Assert.Single(rendering.Of<V1PodDisruptionBudget>(), budget => budget.Spec.Selector.Selects(workload.Labels)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ConfigMaps_Keys_Exist(string name)
    {
        var rendering = await Rendering.OfAsync(name);
        var maps = rendering.Of<V1ConfigMap>().ToDictionary(map => map.Metadata.Name);

        Assert.All(rendering.Workloads, workload =>
        {
            Assert.All(Variables(workload).Select(variable => variable.ValueFrom?.ConfigMapKeyRef).OfType<V1ConfigMapKeySelector>(), reference =>
                Assert.Contains(reference.Key, maps[reference.Name].Data.Keys));
            Assert.All(workload.Containers.SelectMany(container => container.EnvFrom ?? []), source => Assert.Contains(source.ConfigMapRef.Name, maps.Keys));
            Assert.All(workload.Template.Spec.Volumes.Select(volume => volume.ConfigMap).OfType<V1ConfigMapVolumeSource>(), source =>
            {
                var keys = maps[source.Name].Data.Keys;
                var paths = workload.Containers.SelectMany(container => container.VolumeMounts).Where(mount => mount.SubPath is not null).Select(mount => mount.SubPath);
                Assert.Subset(keys.ToHashSet(), paths.ToHashSet());
            });
        });
    }

    /// <summary>Secrets are made by hand: those that secrets.sh makes are those that are named.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Secrets_Keys_AreThoseThatTheScriptMakes(string name)
    {
        var rendering = await Rendering.OfAsync(name);
        var made = MadeSecrets();

        var named = rendering.Workloads.SelectMany(Variables).Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>().Select(reference => (reference.Name, reference.Key))
            .Concat(rendering.Of<TriggerAuthentication>().SelectMany(authentication => authentication.Spec.SecretTargetRef).Select(reference => (reference.Name, reference.Key)))
            .ToHashSet();

        Assert.NotEmpty(named);
        Assert.Subset(made, named);
        Assert.Empty(rendering.Of<V1Secret>());
        Assert.All(rendering.Of<V1Ingress>().SelectMany(ingress => ingress.Spec.Tls), tls => Assert.Equal("facecloud-tls", tls.SecretName));
    }

    [Fact]
    public async Task Secrets_ThatTheScriptMakes_AreAllUsed()
    {
        var used = new HashSet<(string, string)>();
        foreach (var name in Rendering.Names())
        {
            var rendering = await Rendering.OfAsync(name);
            used.UnionWith(rendering.Workloads.SelectMany(Variables).Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>().Select(reference => (reference.Name, reference.Key)));
        }

        Assert.Empty(MadeSecrets().Except(used));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Volumes_MountsAndClaims_Exist(string name)
    {
        var rendering = await Rendering.OfAsync(name);
        var claims = rendering.Of<V1PersistentVolumeClaim>().Select(claim => claim.Metadata.Name).ToHashSet();

        Assert.All(rendering.Workloads, workload =>
        {
            var volumes = workload.Template.Spec.Volumes.Select(volume => volume.Name).Concat(workload.Claims.Select(claim => claim.Metadata.Name)).ToHashSet();
            var mounts = workload.Containers.SelectMany(container => container.VolumeMounts).ToArray();
            Assert.Equal(volumes.Order(), mounts.Select(mount => mount.Name).Distinct().Order());
            Assert.Equal(mounts.Select(mount => mount.MountPath).Distinct().Count(), mounts.Length);
            Assert.Subset(claims, workload.Template.Spec.Volumes.Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>().ToHashSet());
        });
    }

    /// <summary>Every <c>http://name:port</c>, <c>Host=name</c> and the like in values leads to a service and one of its ports.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Addresses_InValues_LeadToServices(string name)
    {
        var rendering = await Rendering.OfAsync(name);
        var ports = rendering.Of<V1Service>().SelectMany(service => service.Spec.Ports.Select(port => (service.Metadata.Name, port.Port))).ToHashSet();

        var values = rendering.Of<V1ConfigMap>().Where(map => map.Metadata.Name.StartsWith("facecloud-", StringComparison.Ordinal)).SelectMany(map => map.Data.Values)
            .Concat(rendering.Workloads.SelectMany(Variables).Select(variable => variable.Value).OfType<string>());
        var addresses = values.SelectMany(value => Address().Matches(value)).Select(match => (Host: match.Groups[1].Value, Port: int.Parse(match.Groups[2].ValueSpan))).ToArray();

        Assert.NotEmpty(addresses);
        // The collector is not ours.
        Assert.All(addresses.Where(address => !address.Host.EndsWith(".monitoring.svc", StringComparison.Ordinal)), address => Assert.Contains(address, ports));
    }

    /// <summary>The script's connection strings name services by their full names: KEDA asks from another namespace.</summary>
    [Fact]
    public async Task Addresses_InTheScript_LeadToServices()
    {
        var rendering = await Rendering.OfAsync("components/qdrant-cluster");
        var script = await File.ReadAllTextAsync(Needs.InRepository("deploy", "kubernetes", "secrets.sh"), TestContext.Current.CancellationToken);
        var services = rendering.Of<V1Service>().ToDictionary(service => service.Metadata.Name, service => service.Spec.Ports.Select(port => port.Port).ToArray());

        Assert.Contains("@rabbitmq.$namespace.svc:5672", script, StringComparison.Ordinal);
        Assert.Contains("Endpoint=http://qdrant:6334;Key=", script, StringComparison.Ordinal);
        Assert.Contains("Host=postgres;Port=5432;Database=facecloud;", script, StringComparison.Ordinal);
        Assert.Contains(5672, services["rabbitmq"]);
        Assert.Contains(6334, services["qdrant"]);
        Assert.Contains(5432, services["postgres"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Scalers_Targets_Exist(string name)
    {
        var rendering = await Rendering.OfAsync(name);
        var deployments = rendering.Of<V1Deployment>().ToDictionary(deployment => deployment.Metadata.Name);

        Assert.All(rendering.Of<ScaledObject>(), scaler => Assert.Contains(scaler.Spec.ScaleTargetRef.Name, deployments.Keys));
        Assert.All(rendering.Of<V2HorizontalPodAutoscaler>(), scaler =>
        {
            var target = scaler.Spec.ScaleTargetRef;
            Assert.Equal(("apps/v1", "Deployment"), (target.ApiVersion, target.Kind));
            // A share of the request: without one there is nothing to scale by.
            Assert.Contains("cpu", deployments[target.Name].Spec.Template.Spec.Containers[0].Resources.Requests.Keys);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task NetworkPolicies_Selectors_FindPodsAndPorts(string name)
    {
        var rendering = await Rendering.OfAsync(name);
        var workloads = rendering.Workloads.ToArray();
        // Policies name what only other components bring.
        string[] optional = ["postgres", "qdrant"];

        Assert.All(rendering.Of<V1NetworkPolicy>(), policy =>
        {
            var selected = workloads.Where(workload => policy.Spec.PodSelector.Selects(workload.Labels)).ToArray();
            Assert.True(selected.Length > 0 || optional.Contains(policy.Metadata.Name), $"{policy.Metadata.Name} selects nothing.");
            foreach (var rule in policy.Spec.Ingress ?? [])
            {
                var ports = selected.SelectMany(PortsOf).Select(port => port.Name).ToHashSet();
                Assert.All(rule.Ports, port => Assert.True(selected.Length == 0 || ports.Contains(port.Port.Value) || optional.Contains(policy.Metadata.Name), $"{policy.Metadata.Name}: no port {port.Port.Value}."));
            }

            foreach (var rule in policy.Spec.Egress ?? [])
            {
                foreach (var peer in rule.To.Where(peer => peer.PodSelector is not null))
                {
                    var targets = workloads.Where(workload => peer.PodSelector.Selects(workload.Labels)).ToArray();
                    var ports = targets.SelectMany(PortsOf).Select(port => port.ContainerPort.ToString()).ToHashSet();
                    Assert.True(targets.Length > 0 || optional.Contains(peer.PodSelector.MatchLabels["app.kubernetes.io/name"]), $"{policy.Metadata.Name} leads to nobody.");
                    Assert.All(rule.Ports, port => Assert.True(targets.Length == 0 || ports.Contains(port.Port.Value), $"{policy.Metadata.Name}: nobody listens on {port.Port.Value}."));
                }
            }
        });
    }

    /// <summary>What a service needs to reach is what the policies let through, on both sides.</summary>
    [Theory]
    [InlineData("gallery", "rabbitmq", 5672)]
    [InlineData("gallery", "encoder", 8085)]
    [InlineData("gallery", "qdrant", 6334)]
    [InlineData("ingestion", "rabbitmq", 5672)]
    [InlineData("encoder", "rabbitmq", 5672)]
    [InlineData("rabbitmq", "rabbitmq", 25672)]
    [InlineData("qdrant", "qdrant", 6335)]
    public async Task NetworkPolicies_NeededWays_AreOpenOnBothSides(string from, string to, int port)
    {
        var rendering = await Rendering.OfAsync("overlays/production");

        Assert.True(IsOpen(rendering, from, to, port));
    }

    [Theory]
    [InlineData("encoder", "gallery", 8081)]
    [InlineData("encoder", "qdrant", 6334)]
    [InlineData("ingestion", "encoder", 8085)]
    [InlineData("ingestion", "qdrant", 6334)]
    [InlineData("gallery", "qdrant", 6335)]
    [InlineData("gallery", "rabbitmq", 15672)]
    public async Task NetworkPolicies_OtherWays_AreClosed(string from, string to, int port)
    {
        var rendering = await Rendering.OfAsync("overlays/production");

        Assert.False(IsOpen(rendering, from, to, port));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ingresses_Backends_ExistAndSpeakWhatIsRouted(string name)
    {
        var rendering = await Rendering.OfAsync(name);
        var ports = rendering.Of<V1Service>().SelectMany(service => service.Spec.Ports.Select(port => (service.Metadata.Name, port.Name))).ToHashSet();

        Assert.All(rendering.Of<V1Ingress>(), ingress => Assert.All(Backends(ingress), backend =>
        {
            Assert.Contains((backend.Backend.Service.Name, backend.Backend.Service.Port.Name), ports);
            Assert.Equal(ingress.Metadata.Name.EndsWith("-grpc", StringComparison.Ordinal) ? "grpc" : "http", backend.Backend.Service.Port.Name);
        }));
    }

    /// <summary>Every call of the public protos is routed to the service that answers it; gRPC by its service's name, HTTP by its path.</summary>
    [Theory]
    [InlineData("gallery")]
    [InlineData("ingestion")]
    public async Task Ingresses_Paths_RouteEveryCall(string service)
    {
        var rendering = await Rendering.OfAsync("components/ingress-grpc");
        var protos = Directory.EnumerateFiles(Needs.InRepository("shared", "protos", "facecloud", service, "v1"), "*.proto").Select(File.ReadAllText).ToArray();
        var package = $"facecloud.{service}.v1";
        var names = protos.SelectMany(proto => ProtoService().Matches(proto)).Select(match => $"/{package}.{match.Groups[1].Value}").ToArray();
        var paths = protos.SelectMany(proto => HttpPath().Matches(proto)).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(names);
        Assert.NotEmpty(paths);
        Assert.All(names, path => Assert.Equal(service, Route(rendering, "facecloud-grpc", path)));
        Assert.All(paths, path => Assert.Equal(service, Route(rendering, "facecloud-http", path)));
    }

    [Theory]
    [InlineData("components/monitoring")]
    [InlineData("overlays/production")]
    public async Task Monitors_Selectors_FindServicesAndPorts(string name)
    {
        var rendering = await Rendering.OfAsync(name);

        Assert.NotEmpty(rendering.Of<ServiceMonitor>());
        Assert.All(rendering.Of<ServiceMonitor>(), monitor =>
        {
            var found = rendering.Of<V1Service>().Where(service => monitor.Spec.Selector.Selects(service.Metadata.Labels ?? new Dictionary<string, string>())).ToArray();
            Assert.NotEmpty(found);
            Assert.All(found, service => Assert.All(monitor.Spec.Endpoints, endpoint => Assert.Contains(endpoint.Port, service.Spec.Ports.Select(port => port.Name))));
        });
    }

    public static TheoryData<string> Names() => [.. Rendering.Names()];

    private static IEnumerable<V1ContainerPort> PortsOf(Rendering.Workload workload) => workload.Containers.SelectMany(container => container.Ports);

    private static IEnumerable<V1EnvVar> Variables(Rendering.Workload workload) => workload.Containers.SelectMany(container => container.Env ?? []);

    private static IEnumerable<V1HTTPIngressPath> Backends(V1Ingress ingress) => ingress.Spec.Rules.SelectMany(rule => rule.Http.Paths);

    // The longest prefix wins, by whole path segments.
    private static string? Route(Rendering rendering, string ingress, string path) =>
        Backends(rendering.Of<V1Ingress>().Single(candidate => candidate.Metadata.Name == ingress))
            .Where(backend => path == backend.Path || path.StartsWith(backend.Path + "/", StringComparison.Ordinal))
            .MaxBy(backend => backend.Path.Length)?.Backend.Service.Name;

    private static bool IsOpen(Rendering rendering, string from, string to, int port)
    {
        var source = rendering.Workloads.Single(workload => workload.Name == from);
        var target = rendering.Workloads.Single(workload => workload.Name == to);
        var portName = PortsOf(target).Single(candidate => candidate.ContainerPort == port).Name;
        var policies = rendering.Of<V1NetworkPolicy>().ToArray();

        bool Leads(IList<V1NetworkPolicyPeer> peers, Rendering.Workload workload) =>
            peers.Any(peer => peer.PodSelector is not null && peer.NamespaceSelector is null && peer.PodSelector.Selects(workload.Labels));
        bool Has(IList<V1NetworkPolicyPort> ports) => ports.Any(candidate => candidate.Port.Value == portName || candidate.Port.Value == port.ToString());

        return policies.Where(policy => policy.Spec.PodSelector.Selects(source.Labels)).SelectMany(policy => policy.Spec.Egress ?? []).Any(rule => Leads(rule.To, target) && Has(rule.Ports)) &&
            policies.Where(policy => policy.Spec.PodSelector.Selects(target.Labels)).SelectMany(policy => policy.Spec.Ingress ?? []).Any(rule => Leads(rule.FromProperty, source) && Has(rule.Ports));
    }

    // make_secret NAME --from-literal=KEY=…
    private static HashSet<(string Name, string Key)> MadeSecrets()
    {
        var script = File.ReadAllText(Needs.InRepository("deploy", "kubernetes", "secrets.sh")).Replace("\\\n", " ", StringComparison.Ordinal);
        return [.. script.Split('\n')
            .Select(line => (Line: line, Match: SecretName().Match(line)))
            .Where(found => found.Match.Success)
            .SelectMany(found => SecretKey().Matches(found.Line).Select(key => (found.Match.Groups[1].Value, key.Groups[1].Value)))];
    }

    [GeneratedRegex(@"https?://([\w.-]+):(\d+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"^service (\w+)", RegexOptions.Multiline)]
    private static partial Regex ProtoService();

    [GeneratedRegex("(?:get|post|put|patch|delete): \"([^\"]+)\"")]
    private static partial Regex HttpPath();

    [GeneratedRegex(@"^make_secret ([\w-]+)")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"--from-literal=([\w-]+)=")]
    private static partial Regex SecretKey();
}
