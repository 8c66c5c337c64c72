using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text.RegularExpressions;
using FaceCloud.TestServers.Processes;
using k8s;
using k8s.Models;

namespace FaceCloud.Deploy.Tests.Kubernetes;

/// <summary>What <c>kubectl kustomize</c> makes of an overlay, read strictly: a field that does not exist is an error.</summary>
internal sealed partial class Rendering
{
    private static readonly Dictionary<string, Type> CustomTypes = new()
    {
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["keda.sh/v1alpha1/TriggerAuthentication"] = typeof(TriggerAuthentication),
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
    };

    private static readonly ConcurrentDictionary<string, Lazy<Task<Rendering>>> Renderings = new();

    private Rendering(IReadOnlyList<object> objects) => Objects = objects;

    public IReadOnlyList<object> Objects { get; }

    /// <summary>Deployments and StatefulSets.</summary>
    public IEnumerable<Workload> Workloads =>
        Of<V1Deployment>().Select(deployment => new Workload(deployment.Metadata.Name, "Deployment", deployment.Spec.Replicas, deployment.Spec.Selector, deployment.Spec.Template, []))
            .Concat(Of<V1StatefulSet>().Select(set => new Workload(
                set.Metadata.Name, "StatefulSet", set.Spec.Replicas, set.Spec.Selector, set.Spec.Template, set.Spec.VolumeClaimTemplates ?? [])));

    /// <summary>The folders below deploy/kubernetes/overlays, and the base with each single component.</summary>
    public static IEnumerable<string> Names() =>
        Folders("overlays").Select(folder => $"overlays/{folder}").Concat(Folders("components").Select(folder => $"components/{folder}"));

    /// <param name="name">One of <see cref="Names"/>.</param>
    public static Task<Rendering> OfAsync(string name) => Renderings.GetOrAdd(name, key => new(() => RenderAsync(key))).Value;

    public IEnumerable<T> Of<T>() => Objects.OfType<T>();

    private static string[] Folders(string kind) =>
        [.. Directory.EnumerateDirectories(Needs.InRepository("deploy", "kubernetes", kind)).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    private static async Task<Rendering> RenderAsync(string name)
    {
        var kubernetes = Needs.InRepository("deploy", "kubernetes");
        using var own = new OwnFolder("overlay");
        var folder = Path.Combine(kubernetes, name);
        if (name.StartsWith("components/", StringComparison.Ordinal))
        {
            // As in an overlay of a user's that takes this one only.
            folder = own.Path;
            string Relative(string path) => Path.GetRelativePath(folder, Path.Combine(kubernetes, path));
            await File.WriteAllTextAsync(own.File("kustomization.yaml"), $"""
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: facecloud
                resources: ["{Relative("base")}"]
                components: ["{Relative(name)}"]
                """);
        }

        return new Rendering(KubernetesYaml.LoadAllFromString(await KustomizeAsync(folder), CustomTypes, strict: true));
    }

    private static async Task<string> KustomizeAsync(string folder)
    {
        await RequireKubectlAsync();
        var (exitCode, output, error) = await Needs.RunAsync("kubectl", ["kustomize", folder], Path.GetTempPath());
        Assert.True(exitCode == 0, error);
        // Warnings of things that will be gone.
        Assert.DoesNotContain("deprecated", error, StringComparison.OrdinalIgnoreCase);
        return output;
    }

    private static async Task RequireKubectlAsync()
    {
        var version = "";
        try
        {
            version = (await Needs.RunAsync("kubectl", ["version", "--client"], Path.GetTempPath())).Output;
        }
        catch (Win32Exception)
        {
            // Not installed.
        }

        Needs.Require(version.Length > 0, "kubectl is not installed (apt-get install kubernetes-client).");
        var match = Minor().Match(version);
        Assert.SkipWhen(match.Success && int.Parse(match.Groups[1].ValueSpan) < 21, "kubectl before 1.21 knows no components of kustomize; Debian has a later one from release 13 on.");
    }

    [GeneratedRegex("""(?:v1\.|Minor:")(\d+)""")]
    private static partial Regex Minor();

    /// <summary>What makes pods.</summary>
    internal sealed record Workload(string Name, string Kind, int? Replicas, V1LabelSelector Selector, V1PodTemplateSpec Template, IList<V1PersistentVolumeClaim> Claims)
    {
        public IDictionary<string, string> Labels => Template.Metadata.Labels;

        public IList<V1Container> Containers => Template.Spec.Containers;

        public bool IsOurs => Name is "encoder" or "gallery" or "ingestion";

        /// <summary>The room of the service: Encoder.</summary>
        public string Room => $"{char.ToUpperInvariant(Name[0])}{Name[1..]}";
    }
}
