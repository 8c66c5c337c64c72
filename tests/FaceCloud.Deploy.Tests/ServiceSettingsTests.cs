namespace FaceCloud.Deploy.Tests;

/// <summary>The yardstick itself.</summary>
public sealed class ServiceSettingsTests
{
    [Theory]
    [InlineData("ConnectionStrings__rabbitmq", true)]
    [InlineData("ConnectionStrings__postgres", true)]
    [InlineData("ConnectionStrings__rabbit", false)]
    [InlineData("Encoder__Address", true)]
    [InlineData("Encoder__Batching__MaxBatch", true)]
    [InlineData("Encoder__Adress", false)]
    [InlineData("Endpoints__GrpcPort", true)]
    [InlineData("Storage__Directory", true)]
    [InlineData("Storage__Folder", false)]
    [InlineData("OTEL_SERVICE_NAME", true)]
    public void IsRead_Name_AsTheCodeHasIt(string variable, bool expected) =>
        Assert.Equal(expected, ServiceSettings.IsRead(variable));

    [Fact]
    public void Ports_OfTheServices_DifferSoThatOneMachineHoldsAll()
    {
        var ports = new[] { "Gallery", "Ingestion", "Encoder" }.Select(ServiceSettings.Ports).SelectMany(pair => new[] { pair.Http, pair.Grpc }).ToArray();

        Assert.Equal([8080, 8081, 8082, 8083, 8084, 8085], ports.Order());
    }
}
