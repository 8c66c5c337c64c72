using System.Net;
using System.Net.Sockets;

namespace FaceCloud.TestServers.Processes;

/// <summary>Ports that nobody listens on at the moment.</summary>
public static class FreePort
{
    public static int[] Take(int count)
    {
        // All at once, so that none is handed out twice.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. listeners.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            })];
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}
