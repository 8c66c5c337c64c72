using FaceCloud.Client.Transport;
using Grpc.Health.V1;

namespace FaceCloud.Client;

/// <content>Health.</content>
public sealed partial class FaceCloudClient
{
    /// <summary>Asks each server (one, or Gallery and Ingestion) how it is. The first call opens the connection and is not timed.</summary>
    /// <exception cref="FaceCloudException">UNREACHABLE, DEADLINE_EXCEEDED, ….</exception>
    public async Task<IReadOnlyList<ServerHealth>> CheckHealthAsync(CancellationToken cancellationToken = default)
    {
        var servers = new List<ServerHealth> { await CheckAsync(_gallery, cancellationToken).ConfigureAwait(false) };
        if (_ingestion != _gallery)
        {
            servers.Add(await CheckAsync(_ingestion, cancellationToken).ConfigureAwait(false));
        }

        return servers;
    }

    private async Task<ServerHealth> CheckAsync(ServerChannel server, CancellationToken cancellationToken)
    {
        await CallAsync().ConfigureAwait(false);

        var start = _options.Time.GetTimestamp();
        var answer = await CallAsync().ConfigureAwait(false);
        var roundTrip = _options.Time.GetElapsedTime(start);

        var status = answer.Status switch
        {
            HealthCheckResponse.Types.ServingStatus.Serving => "SERVING",
            HealthCheckResponse.Types.ServingStatus.NotServing => "NOT_SERVING",
            _ => "UNKNOWN",
        };
        return new ServerHealth(server.Server, answer.Status == HealthCheckResponse.Types.ServingStatus.Serving, status, roundTrip);

        Task<HealthCheckResponse> CallAsync() =>
            server.AnswerAsync(
                new Health.HealthClient(server.Invoker).CheckAsync(new HealthCheckRequest(), server.Within(_options.Deadline, cancellationToken)),
                cancellationToken);
    }
}
