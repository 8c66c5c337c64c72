using FaceCloud.Contracts;
using FaceCloud.Contracts.Commands;
using MassTransit;

namespace FaceCloud.ServiceDefaults.Messaging;

/// <summary>
/// The in-memory bus holds whatever is published. All messages are small but one: EncodeFace carries a crop of 37 KB, and cropping
/// may be faster than encoding; a job of 100,000 photos would hold gigabytes. So publishing one waits while too many are on the way.
/// </summary>
internal static class InMemoryLimit
{
    /// <summary>Some batches for the encoder to choose from; about 100 MB as they lie in the queue.</summary>
    private const int MostCrops = 1024;

    public static void LimitCropsOnTheWay(this IInMemoryBusFactoryConfigurator memory)
    {
        var places = new SemaphoreSlim(MostCrops);
        memory.ConnectBusObserver(new Connector(places));
    }

    // The observers are connected once the bus stands; no message flows before.
    private sealed class Connector(SemaphoreSlim places) : IBusObserver
    {
        public void PostCreate(IBus bus)
        {
            bus.ConnectPublishObserver(new Taking(places));
            bus.ConnectReceiveObserver(new Giving(places));
        }

        public void CreateFaulted(Exception exception)
        {
        }

        public Task PreStart(IBus bus) => Task.CompletedTask;

        public Task PostStart(IBus bus, Task<BusReady> busReady) => Task.CompletedTask;

        public Task StartFaulted(IBus bus, Exception exception) => Task.CompletedTask;

        public Task PreStop(IBus bus) => Task.CompletedTask;

        public Task PostStop(IBus bus) => Task.CompletedTask;

        public Task StopFaulted(IBus bus, Exception exception) => Task.CompletedTask;
    }

    private sealed class Taking(SemaphoreSlim places) : IPublishObserver
    {
        public Task PrePublish<T>(PublishContext<T> context)
            where T : class =>
            typeof(T) == typeof(EncodeFace) ? places.WaitAsync(context.CancellationToken) : Task.CompletedTask;

        public Task PostPublish<T>(PublishContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception)
            where T : class
        {
            if (typeof(T) == typeof(EncodeFace))
            {
                places.Release();
            }

            return Task.CompletedTask;
        }
    }

    private sealed class Giving(SemaphoreSlim places) : IReceiveObserver
    {
        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context) => Release(context);

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Release(context);

        private Task Release(ReceiveContext context)
        {
            if (context.InputAddress.AbsolutePath.EndsWith("/" + Queues.EncodeFace, StringComparison.Ordinal))
            {
                places.Release();
            }

            return Task.CompletedTask;
        }
    }
}
