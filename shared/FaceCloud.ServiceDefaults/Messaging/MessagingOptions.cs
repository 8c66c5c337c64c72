using System.ComponentModel.DataAnnotations;

namespace FaceCloud.ServiceDefaults.Messaging;

/// <summary>Which bus carries the messages. The broker's address is the connection string <c>rabbitmq</c>.</summary>
public sealed class MessagingOptions
{
    public const string SectionName = "Messaging";

    /// <summary>Default: RabbitMq; InMemory in Standalone, unless a connection string <c>rabbitmq</c> is given.</summary>
    [EnumDataType(typeof(MessagingTransport))]
    public MessagingTransport? Transport { get; set; }
}
