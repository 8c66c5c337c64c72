using System.Diagnostics;
using System.Text.Json;
using FaceCloud.Contracts;
using FaceCloud.Inference.Encoding;
using FaceCloud.Inference.Models;
using FaceCloud.Inference.Sessions;
using FaceCloud.TestServers.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using RabbitMQ.Client;

namespace FaceCloud.Benchmarks.Bulk;

/// <summary>The encoder service, queue to queue, against a loop that does nothing but run the network: one session, one thread, the same batch.</summary>
internal static class EncoderRace
{
    /// <summary>Of OnnxFaceEncoder on a CPU.</summary>
    public const int Batch = 4;

    public static double Raw(string models, TimeSpan time)
    {
        var model = new ModelCatalog(new ModelsOptions { Directory = models }).Encoder;
        using var pool = new SessionPool(model, new InferenceOptions { Sessions = 1 }, NullLoggerFactory.Instance);
        using var lease = pool.Rent();
        var shape = lease.Session.InputMetadata[model.InputName].Dimensions.Select(length => (long)length).ToArray();
        shape[0] = Batch * new CropTensor(model).RowsPerCrop;
        var random = new Random(1);
        var values = new float[shape.Aggregate(1L, (product, length) => product * length)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() * 2) - 1;
        }

        using var input = OrtValue.CreateTensorValueFromMemory(values, shape);
        using var options = new RunOptions();
        var inputs = new Dictionary<string, OrtValue> { [model.InputName] = input };
        var outputs = lease.Session.OutputNames;
        for (var warmUp = 0; warmUp < 5; warmUp++)
        {
            lease.Session.Run(options, inputs, outputs).Dispose();
        }

        var (clock, faces) = (Stopwatch.StartNew(), 0);
        while (clock.Elapsed < time)
        {
            lease.Session.Run(options, inputs, outputs).Dispose();
            faces += Batch;
        }

        return faces / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Faces a second between the first and the last tenth of a queue that was full before the encoder came.</summary>
    public static async Task<double> ServiceAsync(SeparateServers servers, byte[] crop, int crops, CancellationToken cancellationToken)
    {
        // Once, so that the queues are there.
        await (await servers.UseEncoderOnlyAsync()).WaitUntilHealthyAsync(cancellationToken);
        await servers.StopAsync();
        await using var connection = await new ConnectionFactory { Uri = servers.Broker }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        foreach (var batch in Enumerable.Range(0, crops).Chunk(100))
        {
            await Task.WhenAll(batch.Select(async i => await channel.BasicPublishAsync(
                "", Queues.EncodeFace, mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json", DeliveryMode = DeliveryModes.Persistent }, Message(crop), cancellationToken)));
        }

        await servers.UseEncoderOnlyAsync();
        var (from, to) = (crops / 10, crops - (crops / 10));
        var first = await UntilAsync(from);
        var last = await UntilAsync(to);
        await servers.StopAsync();
        await channel.QueuePurgeAsync(Queues.FaceEncoded, cancellationToken);
        await channel.QueuePurgeAsync(Queues.EncodeFace, cancellationToken);
        return (last.Done - first.Done) / (last.At - first.At).TotalSeconds;

        async Task<(TimeSpan At, int Done)> UntilAsync(int count)
        {
            var done = 0;
            await Patience.UntilAsync(
                async cancelled =>
                {
                    // Published by the encoder, taken by nobody.
                    await using var looking = await connection.CreateChannelAsync(cancellationToken: cancelled);
                    try
                    {
                        done = (int)(await looking.QueueDeclarePassiveAsync(Queues.FaceEncoded, cancelled)).MessageCount;
                    }
                    catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
                    {
                        // Nothing was published yet, so there is no queue.
                    }

                    return done >= count;
                },
                () => $"{done} of {count} faces are encoded.",
                cancellationToken,
                TimeSpan.FromMinutes(20));
            return (Stopwatch.GetElapsedTime(0), done);
        }
    }

    /// <summary>As Ingestion sends it.</summary>
    public static byte[] Message(byte[] crop) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        messageId = Guid.NewGuid(),
        messageType = new[] { "urn:message:FaceCloud.Contracts.Commands:EncodeFace" },
        message = new
        {
            target = new
            {
                tenantId = Tenants.Default,
                jobId = "race",
                itemId = Guid.NewGuid(),
                galleryId = "race",
                personId = "nobody",
                photoSha256 = new string('0', 64),
                acceptedAt = DateTimeOffset.UnixEpoch,
            },
            crop,
            box = new { x = 0, y = 0, width = 100, height = 100 },
            quality = new { score = 1, sharpness = 1, brightness = 1, yaw = 0, pitch = 0, roll = 0, reasons = Array.Empty<string>() },
        },
    });
}
