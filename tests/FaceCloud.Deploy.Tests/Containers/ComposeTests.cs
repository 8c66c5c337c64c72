namespace FaceCloud.Deploy.Tests.Containers;

public sealed class ComposeTests
{
    private static readonly string[] Ours = ["encoder", "gallery", "ingestion", "standalone"];
    private static readonly string[] FileNames = ["compose.yaml", "compose.gpu.yaml", "compose.qdrant.yaml", "compose.s3.yaml", "compose.standalone.yaml"];
    private static readonly string[] WholeFiles = ["compose.yaml", "compose.standalone.yaml"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Environment_OfOurServices_IsReadByThem(string name)
    {
        var file = ComposeFile.Load(name);

        Assert.All(OurServices(file), service =>
            Assert.All(file.Environment(service, NoVariables).Keys, variable => Assert.True(ServiceSettings.IsRead(variable), $"{name}: nobody reads {variable}.")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Variables_All_StandInTheExample(string name)
    {
        var example = File.ReadAllLines(Needs.InRepository("deploy", "compose", "env.example")).Where(line => line.Contains('=') && line[0] != '#').Select(line => line.Split('=')[0]).ToArray();

        var missing = ComposeFile.Load(name).Variables().Except(example);

        Assert.Empty(missing);
    }

    [Fact]
    public void Secrets_InTheExample_AreEmpty() =>
        Assert.All(
            File.ReadAllLines(Needs.InRepository("deploy", "compose", "env.example")).Where(line => line.Contains("PASSWORD", StringComparison.Ordinal) || line.Contains("KEY", StringComparison.Ordinal)),
            line => Assert.EndsWith("=", line, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Wholes))]
    public void Services_OfOurs_AreBuiltFromTheirDockerfileAndConfined(string name)
    {
        var file = ComposeFile.Load(name);

        Assert.All(OurServices(file), service =>
        {
            var map = file.Services[service];
            var dockerfile = (string)ComposeFile.Child(map, "build")["dockerfile"];
            Assert.Equal($"services/{Room(service)}/Dockerfile", dockerfile);
            Assert.True(File.Exists(Needs.InRepository("deploy", "compose", (string)ComposeFile.Child(map, "build")["context"], dockerfile)));
            Assert.Contains($"/{service}:", (string)map["image"], StringComparison.Ordinal);
            Assert.Equal("true", map["read_only"]);
            Assert.Equal(["ALL"], ComposeFile.List(map, "cap_drop"));
            Assert.Equal(["/tmp"], ComposeFile.List(map, "tmpfs"));
        });
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public void Services_All_HaveHealthLimitsAndPinnedImages(string name)
    {
        var file = ComposeFile.Load(name);

        Assert.All(file.Services, service =>
        {
            Assert.NotEmpty(ComposeFile.List(ComposeFile.Child(service.Value, "healthcheck"), "test"));
            Assert.NotEmpty(ComposeFile.Child(ComposeFile.Child(ComposeFile.Child(service.Value, "deploy"), "resources"), "limits"));
            Assert.Matches(Ours.Contains(service.Key) ? @"VERSION:-\d+\.\d+\.\d+\}$" : @":v?\d+\.\d+[\w.-]*$", (string)service.Value["image"]);
            Assert.Equal("unless-stopped", service.Value["restart"]);
        });
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public void Ports_OfOurs_AreThoseOfTheCodeOnTheChosenAddress(string name)
    {
        var file = ComposeFile.Load(name);

        Assert.All(OurServices(file), service =>
        {
            var (http, grpc) = ServiceSettings.Ports(Room(service));
            var map = file.Services[service];
            var expected = service == "encoder" ? [] : new[] { http, grpc }.Select(port => $"${{BIND_ADDRESS:-127.0.0.1}}:{port}:{port}");
            Assert.Equal(expected, ComposeFile.List(map, "ports"));
            Assert.Contains($"http://127.0.0.1:{http}/health", ComposeFile.List(ComposeFile.Child(map, "healthcheck"), "test"));
        });
    }

    [Fact]
    public void Addresses_InTheEnvironment_NameServicesAndTheirPorts()
    {
        var file = ComposeFile.Load("compose.yaml");

        var gallery = file.Environment("gallery", NoVariables);

        Assert.Equal($"http://encoder:{ServiceSettings.Ports("Encoder").Grpc}", gallery["Encoder__Address"]);
        Assert.All(OurServices(file), service => Assert.EndsWith("@rabbitmq:5672", file.Environment(service, NoVariables)["ConnectionStrings__rabbitmq"], StringComparison.Ordinal));
        Assert.Contains("rabbitmq", file.Services.Keys);
        Assert.Contains("Host=postgres;", gallery["ConnectionStrings__postgres"], StringComparison.Ordinal);
        Assert.Equal("Endpoint=http://qdrant:6334;Key=", ComposeFile.Load("compose.qdrant.yaml").Environment("gallery", NoVariables)["ConnectionStrings__qdrant"]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void References_ToServicesVolumesAndSecrets_Exist(string name)
    {
        var file = ComposeFile.Load(name);
        var services = file.Services.Keys.Concat(ComposeFile.Load("compose.yaml").Services.Keys).ToHashSet();

        Assert.All(file.Services.Values, service =>
        {
            Assert.Subset(services, ComposeFile.Child(service, "depends_on").Keys.Cast<string>().ToHashSet());
            Assert.Subset(file.Volumes.ToHashSet(), ComposeFile.List(service, "volumes").Select(volume => volume.Split(':')[0]).ToHashSet());
            Assert.Subset(file.Secrets.ToHashSet(), ComposeFile.List(service, "secrets").ToHashSet());
        });
    }

    /// <summary>The embedded index knows only its own process's writes.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Gallery_WithTheEmbeddedIndex_IsOne(string name)
    {
        var file = ComposeFile.Load(name);

        Assert.DoesNotContain(file.Services.Where(service => service.Key == "gallery").Select(service => ComposeFile.Child(service.Value, "deploy")), deploy => deploy.ContainsKey("replicas"));
    }

    [Fact]
    public void Gpu_Override_DemandsWhatItReserves()
    {
        var encoder = ComposeFile.Load("compose.gpu.yaml").Services["encoder"];

        Assert.Equal("cuda", ComposeFile.Child(encoder, "environment")["Encoder__ExecutionProvider"]);
        Assert.Equal("cuda", ComposeFile.Child(ComposeFile.Child(encoder, "build"), "args")["ACCELERATOR"]);
        Assert.Contains("-cuda", (string)encoder["image"], StringComparison.Ordinal);
        Assert.True(ComposeFile.Child(ComposeFile.Child(ComposeFile.Child(encoder, "deploy"), "resources"), "reservations").ContainsKey("devices"));
    }

    public static TheoryData<string> Files() => [.. FileNames];

    public static TheoryData<string> Wholes() => [.. WholeFiles];

    private static Dictionary<string, string> NoVariables => [];

    private static IEnumerable<string> OurServices(ComposeFile file) => file.Services.Keys.Intersect(Ours);

    private static string Room(string service) => $"{char.ToUpperInvariant(service[0])}{service[1..]}";
}
