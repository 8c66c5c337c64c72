using System.Net;
using FaceCloud.Encoder.Tests.Testing;
using FaceCloud.Protos.Encoder.V1;
using FaceCloud.Testing;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace FaceCloud.Encoder.Tests.Grpc;

public sealed class EncoderGrpcServiceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Embed_SeveralCrops_EmbeddingsInTheirOrder()
    {
        await using var host = await EncoderHost.StartAsync();
        var client = new EncoderService.EncoderServiceClient(host.Channel);

        var together = await client.EmbedAsync(Request(1, 2, 3), cancellationToken: Cancellation);
        var second = await client.EmbedAsync(Request(2), cancellationToken: Cancellation);

        Assert.Equal(3, together.Embeddings.Count);
        Assert.Equal(TestModels.Shared.Catalog.Encoder.EmbeddingContract, together.EmbeddingContract);
        Assert.All(together.Embeddings, embedding => Assert.Equal(1, embedding.Values.Sum(value => value * value), 1e-5f));
        Assert.InRange(together.Embeddings[1].Values.Zip(second.Embeddings[0].Values, (a, b) => MathF.Abs(a - b)).Max(), 0, 1e-4f);
        Assert.True(together.EncodeMs > 0);
    }

    [Fact]
    public async Task Embed_256Crops_AllEmbedded()
    {
        await using var host = await EncoderHost.StartAsync();
        var client = new EncoderService.EncoderServiceClient(host.Channel);

        var response = await client.EmbedAsync(Request([.. Enumerable.Range(0, 256)]), cancellationToken: Cancellation);

        Assert.Equal(256, response.Embeddings.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public async Task Embed_WrongNumberOfCrops_InvalidArgument(int count)
    {
        await using var host = await EncoderHost.StartAsync();
        var client = new EncoderService.EncoderServiceClient(host.Channel);

        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await client.EmbedAsync(Request([.. Enumerable.Range(0, count)]), cancellationToken: Cancellation));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Equal("INVALID_ARGUMENT", Reason(failure));
        Assert.Contains("1 to 256", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_CropOfAnotherSize_InvalidCropAndTheServiceGoesOn()
    {
        await using var host = await EncoderHost.StartAsync();
        var client = new EncoderService.EncoderServiceClient(host.Channel);
        var request = new EmbedRequest { Crops = { ByteString.CopyFrom(new byte[5]) } };

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.EmbedAsync(request, cancellationToken: Cancellation));
        var next = await client.EmbedAsync(Request(1), cancellationToken: Cancellation);

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Equal("INVALID_CROP", Reason(failure));
        Assert.Single(next.Embeddings);
    }

    [Fact]
    public async Task GetModel_Loaded_AllOfTheContract()
    {
        await using var host = await EncoderHost.StartAsync();
        var client = new EncoderService.EncoderServiceClient(host.Channel);

        var model = await client.GetModelAsync(new GetModelRequest(), cancellationToken: Cancellation);

        var expected = TestModels.Shared.Catalog.Encoder;
        Assert.Equal(expected.Name, model.Name);
        Assert.Equal(expected.EmbeddingContract, model.EmbeddingContract);
        Assert.Equal(expected.Sha256, model.Sha256);
        Assert.Equal(TestModels.Dimension, model.Dimension);
        Assert.Equal("cpu", model.ExecutionProvider);
        Assert.Equal(expected.Licence, model.Licence);
        Assert.Equal(expected.Calibration.Select(point => point.Threshold), model.Calibration.Select(point => point.Threshold));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetModel_HeadInTheManifest_OnlyThatOfThisModel(bool ofThisModel)
    {
        using var models = new TestModels();
        var contract = ofThisModel ? models.Catalog.Encoder.EmbeddingContract : "test-encoder:ffffffffffff";
        var weights = Enumerable.Range(0, TestModels.Dimension).Select(i => -i / 8f).ToArray();
        var head = new Inference.Models.VerifierHead
        {
            Kind = Inference.Models.VerifierHeadKind.AbsoluteDifference,
            EmbeddingContract = contract,
            Weights = weights,
            Bias = 3.5,
            Prior = 0.25,
            Source = "by hand",
        };
        var entries = models.Manifest.Models.Select(model => model.Name == TestModels.EncoderName ? model with { Head = head } : model);
        await File.WriteAllTextAsync(models.ManifestPath, (models.Manifest with { Models = [.. entries] }).ToJson(), Cancellation);
        await using var host = await EncoderHost.StartAsync(new KeyValuePair<string, string?>("Models:Directory", models.Directory));
        var client = new EncoderService.EncoderServiceClient(host.Channel);

        var read = (await client.GetModelAsync(new GetModelRequest(), cancellationToken: Cancellation)).Head;

        if (ofThisModel)
        {
            Assert.Equal((VerifierHeadKind.AbsoluteDifference, 3.5, 0.25, contract, "by hand"), (read.Kind, read.Bias, read.Prior, read.EmbeddingContract, read.Source));
            Assert.Equal(weights, read.Weights);
        }
        else
        {
            Assert.Null(read);
        }
    }

    [Fact]
    public async Task GetModel_OverHttp_Json()
    {
        await using var host = await EncoderHost.StartAsync();

        var json = await host.Http.GetStringAsync(new Uri("/v1/model", UriKind.Relative), Cancellation);

        Assert.Contains(TestModels.Shared.Catalog.Encoder.EmbeddingContract, json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_ModelLoaded_SaysWhich()
    {
        await using var host = await EncoderHost.StartAsync();

        using var response = await host.Http.GetAsync(new Uri("/health", UriKind.Relative), Cancellation);

        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(TestModels.Shared.Catalog.Encoder.EmbeddingContract, body, StringComparison.Ordinal);
    }

    private static EmbedRequest Request(params int[] seeds)
    {
        var request = new EmbedRequest();
        request.Crops.AddRange(seeds.Select(seed => ByteString.CopyFrom(Commands.Crop(seed))));
        return request;
    }

    private static string? Reason(RpcException failure) => failure.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;
}
