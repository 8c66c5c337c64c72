using FaceCloud.Contracts;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.StructuralTests;

/// <summary>Every consumer has a definition beside it, and a queue of its own that operators know by name.</summary>
public sealed class ConsumersTests
{
    private static readonly Type[] Consumers =
    [
        .. Rooms.All.SelectMany(room => room.GetTypes()).Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IConsumer))),
    ];

    [Fact]
    public void Consumers_All_HaveADefinitionBesideThem()
    {
        Assert.NotEmpty(Consumers);
        Assert.All(Consumers, consumer =>
        {
            var definition = Assert.Single(DefinitionsOf(consumer));
            Assert.Equal(consumer.Name + "Definition", definition.Name);
            Assert.Equal(consumer.Namespace, definition.Namespace);
        });
    }

    [Fact]
    public void EndpointNames_AllConsumers_AreTheQueuesOfContractsOneEach()
    {
        using var services = Rooms.Compose("Standalone");

        var names = Consumers
            .Select(consumer => (IConsumerDefinition)ActivatorUtilities.CreateInstance(services, DefinitionsOf(consumer).Single()))
            .Select(definition => definition.GetEndpointName(DefaultEndpointNameFormatter.Instance))
            .Order(StringComparer.Ordinal);

        var queues = typeof(Queues).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(queues.Order(StringComparer.Ordinal), names);
    }

    private static IEnumerable<Type> DefinitionsOf(Type consumer) =>
        consumer.Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IConsumerDefinition<>).MakeGenericType(consumer)));
}
