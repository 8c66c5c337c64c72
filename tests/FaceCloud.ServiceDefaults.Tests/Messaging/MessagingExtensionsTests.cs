using FaceCloud.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaceCloud.ServiceDefaults.Tests.Messaging;

public sealed class MessagingExtensionsTests
{
    [Theory]
    [InlineData(MessagingTransport.InMemory)]
    [InlineData(MessagingTransport.RabbitMq)]
    public void AddMessaging_AnyTransport_TheBusTellsItsMakersNothing(MessagingTransport transport)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddMessaging(_ => { }, transport);

        using var host = builder.Build();

        Assert.False(host.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled);
    }
}
