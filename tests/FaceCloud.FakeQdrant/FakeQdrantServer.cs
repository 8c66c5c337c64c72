using System.Net;
using FaceCloud.FakeQdrant.Grpc;
using FaceCloud.FakeQdrant.Storage;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FaceCloud.FakeQdrant;

/// <summary>
/// A server that behaves as Qdrant is said to (scores, strict thresholds, groups, aliases, keys, statuses), over real connections,
/// with everything in memory. Searches are exact; scores of quantised collections are coarse unless rescoring is asked for.
/// It can be stopped and started again on the same port, be slow, or fail on demand.
/// </summary>
public sealed class FakeQdrantServer : IAsyncDisposable
{
    private readonly FakeQdrantOptions _options;
    private readonly Database _database;
    private readonly Gatekeeper _gatekeeper;
    private WebApplication? _app;
    private int _port;

    private FakeQdrantServer(FakeQdrantOptions options)
    {
        _options = options;
        _port = options.Port;
        _database = new Database(options.AnswersFlat);
        _gatekeeper = new Gatekeeper(options);
    }

    public Uri Address => new($"{(_options.Certificate is null ? "http" : "https")}://localhost:{_port}");

    public IReadOnlyList<RecordedCall> Calls => _gatekeeper.Calls;

    /// <summary>Names of the collections that exist.</summary>
    public IReadOnlyList<string> Collections => _database.Read(data => data.Collections.Keys.Order(StringComparer.Ordinal).ToList());

    public IReadOnlyDictionary<string, string> Aliases => _database.Read(data => data.Aliases.ToDictionary());

    public long Points => _database.Read(data => data.Collections.Values.Sum(collection => collection.Points.Count));

    public static async Task<FakeQdrantServer> StartAsync(FakeQdrantOptions? options = null)
    {
        var server = new FakeQdrantServer(options ?? new FakeQdrantOptions());
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>The next calls of a method (or of all: null) end with this status; each counts.</summary>
    public void FailNext(string? method, StatusCode status, int times = 1, string detail = "injected") => _gatekeeper.FailNext(method, status, times, detail);

    /// <summary>Calls of a method (or of all: null) wait this long first; zero ends it.</summary>
    public void Delay(string? method, TimeSpan delay) => _gatekeeper.Delay(method, delay);

    /// <summary>The next writes are answered as not done in time, and are done only when somebody writes again.</summary>
    public void TimeOutNextWrites(int times) => _database.TimeOutNextWrites(times);

    public void ForgetCalls() => _gatekeeper.ForgetCalls();

    /// <summary>Drops a point behind everybody's back.</summary>
    public bool Lose(Guid id) => _database.Change(data => data.Collections.Values.Any(collection => collection.Points.Remove(PointKey.Of(id))));

    /// <summary>Changes the vector of a point behind everybody's back.</summary>
    public bool Distort(Guid id) => _database.Change(data =>
    {
        foreach (var collection in data.Collections.Values)
        {
            if (collection.Points.TryGetValue(PointKey.Of(id), out var point))
            {
                Array.Reverse(point.Vector);
                return true;
            }
        }

        return false;
    });

    /// <summary>A collection as somebody else made it, under an alias.</summary>
    public void MakeCollection(string name, int size, string alias) => _database.Change(data =>
    {
        data.Collections[name] = new StoredCollection { Size = size, Distance = StoredDistance.Dot };
        data.Aliases[alias] = name;
        return true;
    });

    /// <summary>Closes the port; what was stored stays.</summary>
    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.DisposeAsync();
        }
    }

    /// <summary>On the same port as before.</summary>
    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_database);
        builder.Services.AddSingleton(_gatekeeper);
        builder.Services.AddGrpc(options =>
        {
            // The server itself knows no limit; its clients do.
            options.MaxReceiveMessageSize = null;
            options.MaxSendMessageSize = null;
            options.Interceptors.Add<Gatekeeper>();
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, _port, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (_options.Certificate is { } certificate)
                {
                    listen.UseHttps(certificate);
                }
            });
        });

        _app = builder.Build();
        _app.MapGrpcService<QdrantService>();
        _app.MapGrpcService<CollectionsService>();
        _app.MapGrpcService<PointsService>();
        await _app.StartAsync();
        _port = new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Port;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
