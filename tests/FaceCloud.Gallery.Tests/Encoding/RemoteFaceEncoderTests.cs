using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Encoding;
using FaceCloud.Inference.Encoding;
using FaceCloud.Protos.Encoder.V1;
using FaceCloud.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceCloud.Gallery.Tests.Encoding;

/// <summary>Against a real server on a loopback port, so that an absent one is a real one too.</summary>
public sealed class RemoteFaceEncoderTests
{
    private static readonly ReadOnlyMemory<byte> Crop = new byte[AlignedCrop.Bytes];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Encode_Crops_ComeBackInOrder()
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect();

        var encoded = await client.Encoder.EncodeAsync([CropOf(3), CropOf(1), CropOf(2)], EncodePriority.Interactive, Token);

        Assert.Equal([3f, 1f, 2f], encoded.Embeddings.Select(embedding => embedding[0]));
        Assert.Equal(("played:000000000001", 3d, 4d), (encoded.EmbeddingContract, encoded.Queued.TotalMilliseconds, encoded.Encoding.TotalMilliseconds));
    }

    [Fact]
    public async Task Encode_MoreCropsThanACallTakes_AreSplit()
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect();

        var encoded = await client.Encoder.EncodeAsync([.. Enumerable.Range(0, 300).Select(i => CropOf((byte)(i % 200)))], EncodePriority.Interactive, Token);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => (float)(i % 200)), encoded.Embeddings.Select(embedding => embedding[0]));
        Assert.Equal([256, 44], server.Player.Sizes);
    }

    [Fact]
    public async Task GetModel_AskedTwice_CallsOnce()
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect();

        var model = await client.Encoder.GetModelAsync(Token);
        await client.Encoder.GetModelAsync(Token);

        Assert.Equal(("played", 1, 0.4f), (model.Name, model.Dimension, model.Calibration[1].Threshold));
        Assert.Equal(1, server.Player.ModelCalls);
    }

    [Fact]
    public async Task GetModel_WithAHead_AllOfIt()
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect();
        server.Player.Head = new VerifierHead
        {
            Kind = VerifierHeadKind.ChiSquared,
            Weights = { -1.5f },
            Bias = 2.25,
            Prior = 0.5,
            EmbeddingContract = server.Player.Contract,
            Source = "by hand",
        };

        var head = (await client.Encoder.GetModelAsync(Token)).Head!;

        Assert.Equal((Inference.Models.VerifierHeadKind.ChiSquared, 2.25, 0.5), (head.Kind, head.Bias, head.Prior));
        Assert.Equal([-1.5f], head.Weights);
        Assert.Equal((server.Player.Contract, "by hand"), (head.EmbeddingContract, head.Source));
    }

    [Theory]
    [InlineData(VerifierHeadKind.Unspecified)]
    [InlineData((VerifierHeadKind)99)]
    public async Task GetModel_HeadOfAnUnknownKind_IsNone(VerifierHeadKind kind)
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect();
        server.Player.Head = new VerifierHead { Kind = kind, Weights = { 1 }, Prior = 0.5, EmbeddingContract = server.Player.Contract };

        var model = await client.Encoder.GetModelAsync(Token);

        Assert.Null(model.Head);
    }

    [Fact]
    public async Task Encode_ByANewModel_AsksForItsDescription()
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect();
        await client.Encoder.GetModelAsync(Token);
        server.Player.Contract = "played:000000000002";

        await client.Encoder.EncodeAsync([Crop], EncodePriority.Interactive, Token);
        var model = await client.Encoder.GetModelAsync(Token);

        Assert.Equal("played:000000000002", model.EmbeddingContract);
    }

    [Fact]
    public async Task Encode_UnavailableForAMoment_IsRetried()
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect();
        server.Player.Failures.Enqueue(new RpcException(new Status(StatusCode.Unavailable, "starting")));
        server.Player.Failures.Enqueue(new RpcException(new Status(StatusCode.Unavailable, "starting")));

        var encoded = await client.Encoder.EncodeAsync([CropOf(7)], EncodePriority.Interactive, Token);

        Assert.Equal(7f, encoded.Embeddings[0][0]);
    }

    [Theory]
    [InlineData(FailureReason.EncoderBusy)]
    [InlineData(FailureReason.InvalidCrop)]
    public async Task Encode_FailureWithAReason_KeepsIt(FailureReason reason)
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect();
        server.Player.Failures.Enqueue(FailureStatus.ToRpcException(reason, "as the encoder says"));

        var failure = await Assert.ThrowsAsync<FailureException>(() => client.Encoder.EncodeAsync([Crop], EncodePriority.Interactive, Token));

        Assert.Equal((reason, "as the encoder says"), (failure.Reason, failure.Message));
    }

    [Fact]
    public async Task Calls_ServerGone_EncoderUnavailableButTheModelIsRemembered()
    {
        var server = await EncoderServer.StartAsync();
        var clock = new TurnedClock();
        await using var client = server.Connect(clock: clock);
        await client.Encoder.GetModelAsync(Token);
        await server.DisposeAsync();
        clock.Turn(TimeSpan.FromHours(1));

        var failure = await Assert.ThrowsAsync<FailureException>(() => client.Encoder.EncodeAsync([Crop], EncodePriority.Interactive, Token));
        var model = await client.Encoder.GetModelAsync(Token);

        Assert.Equal(FailureReason.EncoderUnavailable, failure.Reason);
        Assert.Equal("played", model.Name);
    }

    [Fact]
    public async Task Encode_SlowerThanTheDeadline_EncoderUnavailable()
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect("00:00:00.200");
        server.Player.Gate = new TaskCompletionSource().Task;

        var failure = await Assert.ThrowsAsync<FailureException>(() => client.Encoder.EncodeAsync([Crop], EncodePriority.Interactive, Token));

        Assert.Equal(FailureReason.EncoderUnavailable, failure.Reason);
    }

    [Fact]
    public async Task Encode_CancelledByTheCaller_IsACancellation()
    {
        await using var server = await EncoderServer.StartAsync();
        await using var client = server.Connect("00:01:00");
        server.Player.Gate = new TaskCompletionSource().Task;
        using var cancel = new CancellationTokenSource();

        var call = client.Encoder.EncodeAsync([Crop], EncodePriority.Interactive, cancel.Token);
        await server.Player.Called.Task;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static ReadOnlyMemory<byte> CropOf(byte value)
    {
        var crop = new byte[AlignedCrop.Bytes];
        crop[0] = value;
        return crop;
    }

    private sealed class EncoderServer(WebApplication app) : IAsyncDisposable
    {
        public PlayedEncoder Player => app.Services.GetRequiredService<PlayedEncoder>();

        private string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        public static async Task<EncoderServer> StartAsync()
        {
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel =>
                kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
            builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = null);
            builder.Services.AddSingleton<PlayedEncoder>();
            var app = builder.Build();
            app.MapGrpcService<PlayedEncoder>();
            await app.StartAsync();
            return new EncoderServer(app);
        }

        public EncoderConnection Connect(string timeout = "00:00:30", TimeProvider? clock = null)
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Configuration["Encoder:Address"] = Address;
            builder.Configuration["Encoder:CallTimeout"] = timeout;
            builder.Services.AddSingleton(clock ?? TimeProvider.System);
            builder.Services.AddFaceEncoder();
            return new EncoderConnection(builder.Services.BuildServiceProvider());
        }

        public async ValueTask DisposeAsync()
        {
            Player.Gate = Task.CompletedTask;
            await app.StopAsync(new CancellationToken(canceled: true));
            await app.DisposeAsync();
        }
    }

    /// <summary>A clock whose durations a test may lengthen; the wall clock is real, since deadlines are.</summary>
    private sealed class TurnedClock : TimeProvider
    {
        private long _turned;

        public override long GetTimestamp() => base.GetTimestamp() + _turned;

        public void Turn(TimeSpan by) => _turned += (long)(by.TotalSeconds * TimestampFrequency);
    }

    private sealed class EncoderConnection(ServiceProvider services) : IAsyncDisposable
    {
        public IFaceEncoder Encoder => services.GetRequiredService<IFaceEncoder>();

        public ValueTask DisposeAsync() => services.DisposeAsync();
    }

    private sealed class PlayedEncoder : EncoderService.EncoderServiceBase
    {
        public string Contract { get; set; } = "played:000000000001";

        public Queue<RpcException> Failures { get; } = [];

        public List<int> Sizes { get; } = [];

        public VerifierHead? Head { get; set; }

        public int ModelCalls { get; private set; }

        public Task Gate { get; set; } = Task.CompletedTask;

        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
        {
            if (Failures.TryDequeue(out var failure))
            {
                throw failure;
            }

            Called.TrySetResult();
            await Gate.WaitAsync(context.CancellationToken);
            Sizes.Add(request.Crops.Count);
            return new EmbedResponse
            {
                Embeddings = { request.Crops.Select(crop => new CropEmbedding { Values = { (float)crop[0] } }) },
                EmbeddingContract = Contract,
                QueueMs = 3,
                EncodeMs = 4,
            };
        }

        public override Task<Model> GetModel(GetModelRequest request, ServerCallContext context)
        {
            ModelCalls++;
            return Task.FromResult(new Model
            {
                Name = "played",
                EmbeddingContract = Contract,
                Dimension = 1,
                Sha256 = new string('0', 64),
                ExecutionProvider = "cpu",
                Licence = "none",
                Calibration = { new CalibrationPoint { FalseAcceptRate = 1e-2, Threshold = 0.3f }, new CalibrationPoint { FalseAcceptRate = 1e-3, Threshold = 0.4f } },
                Head = Head,
            });
        }
    }
}
