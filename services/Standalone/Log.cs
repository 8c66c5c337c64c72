namespace FaceCloud.Standalone;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "FaceCloud is ready: HTTP/JSON {HttpAddress}, gRPC {GrpcAddress}; detector {Detector}, encoder {Encoder}")]
    public static partial void Ready(ILogger logger, string httpAddress, string grpcAddress, string detector, string encoder);
}
