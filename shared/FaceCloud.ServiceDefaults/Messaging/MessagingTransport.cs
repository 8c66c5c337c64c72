namespace FaceCloud.ServiceDefaults.Messaging;

public enum MessagingTransport
{
    /// <summary>Quorum queues on RabbitMQ.</summary>
    RabbitMq = 1,

    /// <summary>Inside the process; messages on the way are lost with it. For Standalone and tests.</summary>
    InMemory = 2,
}
