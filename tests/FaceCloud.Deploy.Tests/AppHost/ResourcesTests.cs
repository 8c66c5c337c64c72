extern alias signatures;

using System.Globalization;
using FaceCloud.ServiceDefaults.Lifetime;
using signatures::Aspire.Hosting.ApplicationModel;
using signatures::FaceCloud.AspireSignatures;

namespace FaceCloud.Deploy.Tests.AppHost;

/// <summary>AppHost.cs, run against hand-written signatures of Aspire (tests/FaceCloud.AspireSignatures).</summary>
public sealed class ResourcesTests
{
    private static readonly string[] Publish = ["--operation", "publish"];
    private static readonly string[] Services = ["encoder", "gallery", "ingestion"];

    [Fact]
    public void Build_Run_BrokerStoresAndServices()
    {
        var system = RecordedSystem.Of();

        Assert.Equal(
            ["encoder", "facecloud", "gallery", "ingestion", "postgres", "postgres-password", "postgres-server", "qdrant", "qdrant-key", "rabbit-password", "rabbitmq"],
            system.Resources.Keys.Order(StringComparer.Ordinal));
        Assert.All(["rabbit-password", "postgres-password", "qdrant-key"], name => Assert.True(system.Resources[name].IsSecret));
        Assert.All(["rabbitmq", "postgres-server", "qdrant"], name => Assert.Single(system.Resources[name].Volumes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Build_EveryService_IsGivenOnlyWhatItReads(bool publish)
    {
        var system = RecordedSystem.Of(publish ? Publish : []);

        var variables = Services.SelectMany(name => system.Resources[name].Environment.Keys).ToArray();
        Assert.NotEmpty(variables);
        Assert.All(variables, variable => Assert.True(ServiceSettings.IsRead(variable), $"No service reads {variable}."));
    }

    [Fact]
    public void Build_References_WhatEachServiceNeeds()
    {
        var system = RecordedSystem.Of();

        Assert.Equal(["rabbitmq"], system.Resources["encoder"].Waits);
        Assert.Equal(["rabbitmq", "postgres", "qdrant", "encoder"], system.Resources["gallery"].Waits);
        Assert.Equal(["rabbitmq", "postgres"], system.Resources["ingestion"].Waits);
        Assert.Equal("http://encoder:grpc", system.Resources["gallery"].Environment["Encoder__Address"]);
        Assert.Equal("qdrant", system.Resources["gallery"].Environment["Index__Kind"]);
        Assert.Contains("Database=facecloud", system.Resources["ingestion"].Environment["ConnectionStrings__postgres"], StringComparison.Ordinal);
        Assert.Equal("facecloud", system.Resources["postgres-server"].Environment["POSTGRES_DB"]);
    }

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void Build_Run_OwnPortsOutsideAnyBehindAndHealth(string name)
    {
        var service = RecordedSystem.Of().Resources[name];
        var (http, grpc) = ServiceSettings.Ports($"{char.ToUpperInvariant(name[0])}{name[1..]}");

        Assert.Equal(["http", "grpc"], service.Endpoints.Select(endpoint => endpoint.Name));
        Assert.Equal([http, grpc], service.Endpoints.Select(endpoint => endpoint.Port ?? 0));
        Assert.All(service.Endpoints, endpoint => Assert.Null(endpoint.TargetPort));
        Assert.Equal("http2", service.Endpoints[1].Transport);
        Assert.Equal("127.0.0.1", service.Environment["Endpoints__Address"]);
        Assert.Equal(["/health"], service.HealthChecks);
        Assert.Empty(service.Probes);
        Assert.Null(service.Dockerfile);
        Assert.EndsWith("facecloud-data", service.Environment["Storage__Directory"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void Build_Publish_PortsProbesAndImageOfTheService(string name)
    {
        var service = (ProjectResource)RecordedSystem.Of(Publish).Resources[name];
        var room = $"{char.ToUpperInvariant(name[0])}{name[1..]}";

        var (http, grpc) = ServiceSettings.Ports(room);
        Assert.Equal([http, grpc], service.Endpoints.Select(endpoint => endpoint.TargetPort ?? 0));
        Assert.Equal("0.0.0.0", service.Environment["Endpoints__Address"]);
        Assert.Equal([(ProbeType.Startup, "/health/startup"), (ProbeType.Liveness, "/alive"), (ProbeType.Readiness, "/health")], service.Probes);
        Assert.Empty(service.HealthChecks);
        Assert.Equal($"../services/{room}/Dockerfile", service.Dockerfile);
        Assert.True(File.Exists(Needs.InRepository("FaceCloud.AppHost", service.Dockerfile!)), service.Dockerfile);
        Assert.True(File.Exists(Needs.InRepository(service.ProjectPath)), service.ProjectPath);
        Assert.Equal([((string?)$"facecloud-{name}", "/data")], service.Volumes);
        Assert.Equal("/data", service.Environment["Storage__Directory"]);
    }

    /// <summary>Left alone, the targets kill before a service has done what it has in hand.</summary>
    [Theory]
    [InlineData("compose")]
    [InlineData("kubernetes")]
    public void Build_Publish_MoreTimeToStopThanAServiceTakes(string target)
    {
        var system = RecordedSystem.Of([.. Publish, "--Target", target]);

        Assert.All(Services, name =>
        {
            var service = system.Resources[name];
            var delay = service.Environment.TryGetValue("Shutdown__Delay", out var given) ? TimeSpan.Parse(given, CultureInfo.InvariantCulture) : new ShutdownOptions().Delay;
            Assert.True(service.StopSeconds > (delay + new ShutdownOptions().Timeout).TotalSeconds, $"{name}: {service.StopSeconds} s");
            Assert.Equal(target == "kubernetes", delay > TimeSpan.Zero);
        });
    }

    [Fact]
    public void Build_GpuForCompose_DemandedWithTheDevice()
    {
        var system = RecordedSystem.Of([.. Publish, "--Encoder:Gpu", "true"]);

        Assert.Equal("cuda", system.Resources["encoder"].Environment["Encoder__ExecutionProvider"]);
        Assert.Equal("cuda", system.Resources["encoder"].BuildArguments["ACCELERATOR"]);
        Assert.Equal(["nvidia.com/gpu=all"], system.Resources["encoder"].Devices);
        Assert.All(["gallery", "ingestion"], name => Assert.Empty(system.Resources[name].Devices));
    }

    [Fact]
    public void Build_Gpu_DemandedEverywhere()
    {
        var encoder = RecordedSystem.Of([.. Publish, "--Target", "kubernetes", "--Encoder:Gpu", "true", "--Encoder:Replicas", "3"]).Resources["encoder"];

        Assert.Equal("cuda", encoder.Environment["Encoder__ExecutionProvider"]);
        Assert.Equal("cuda", encoder.BuildArguments["ACCELERATOR"]);
        Assert.Equal("1", encoder.Limits["nvidia.com/gpu"]);
        Assert.Equal(3, encoder.Replicas);
    }

    [Fact]
    public void Build_NoGpu_NeitherLimitNorDemand()
    {
        var encoder = RecordedSystem.Of([.. Publish, "--Target", "kubernetes"]).Resources["encoder"];

        Assert.Equal("auto", encoder.Environment["Encoder__ExecutionProvider"]);
        Assert.Empty(encoder.Limits);
        Assert.Equal(1, encoder.Replicas);
    }

    public static TheoryData<string> ServiceNames() => [.. Services];
}
