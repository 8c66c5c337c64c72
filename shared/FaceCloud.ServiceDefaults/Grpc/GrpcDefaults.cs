using FaceCloud.ServiceDefaults.Lifetime;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace FaceCloud.ServiceDefaults.Grpc;

/// <summary>gRPC, the same calls as HTTP/JSON, reflection, and errors that say why.</summary>
public static class GrpcDefaults
{
    public static TBuilder AddGrpcDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // The failure interceptor tells a late call from a cancelled one.
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<StartSteps>();
        builder.Services
            .AddGrpc(options =>
            {
                options.MaxReceiveMessageSize = Endpoints.MaxMessageBytes;
                options.MaxSendMessageSize = Endpoints.MaxMessageBytes;
                options.Interceptors.Add<CallInterceptor>();
                options.Interceptors.Add<FailureInterceptor>();
            })
            .AddJsonTranscoding(options =>
            {
                // Error details travel as Any; the JSON writer must know their types.
                options.TypeRegistry = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);

                // As protobuf's JSON mapping has it: a number in JSON holds only 53 bits for many readers.
                options.JsonSettings.WriteInt64sAsStrings = true;
            });
        builder.Services.AddGrpcReflection();
        return builder;
    }
}
