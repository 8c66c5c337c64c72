using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FaceCloud.TestServers.Processes;

/// <summary>Stands between a client and a server on this machine, and breaks connections when told to.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Socket, Socket> _connections = [];
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _isCut;

    /// <param name="target">Port of the server, on 127.0.0.1.</param>
    public TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that run through it now.</summary>
    public int Connections => _connections.Count;

    /// <summary>Breaks all connections at once, without a goodbye; new ones are let through. Answers how many there were.</summary>
    public int Drop()
    {
        var dropped = 0;
        foreach (var (client, server) in _connections)
        {
            Reset(client);
            Reset(server);
            dropped++;
        }

        return dropped;
    }

    /// <summary>The cable is cut: connections break, and nobody gets through until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        Drop();
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Drop();
        await _accepting;
        _stopping.Dispose();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            // No time to linger: the other side sees a reset.
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // It was gone already.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                if (_isCut)
                {
                    Reset(client);
                }
                else
                {
                    _ = ConnectAsync(client);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
            _connections[client] = server;
            await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // No server there: the client sees a broken connection.
        }
        finally
        {
            _connections.TryRemove(client, out _);
            Reset(client);
            Reset(server);
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Broken, by one side or by us.
        }
    }
}
