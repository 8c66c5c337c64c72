using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.Protos.Gallery.V1;
using FaceCloud.Protos.Ingestion.V1;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using Google.Protobuf;
using Grpc.Core;
using Npgsql;

namespace FaceCloud.IntegrationTests.Observability;

/// <summary>
/// Nothing that was planted in calls, photos and settings may be found in anything that the services export or log:
/// <c>shared/docs/decisions</c>, what telemetry may say.
/// </summary>
public sealed class PrivacyTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    private const string PersonId = "planted-person-7f3a";
    private const string PersonName = "Planted Name-91c2";
    private const string ExternalId = "planted-external-5d0e";
    private const string MetadataText = "planted-metadata-b811";
    private const string Source = "planted-source-c4e9.jpg";
    private const string Baggage = "planted-baggage-02aa";
    private const string Password = "planted-password-6e1d";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exports_AfterCallsJobsAndFailures_HoldNothingPersonalOrSecret()
    {
        // Wherever the server trusts its callers any password will do, and it stands in every setting that names the database.
        await using var observed = new ObservedDeployment(rabbit, postgres);
        observed.System.DatabaseOptions = $";Password={Password}";
        await observed.InitializeAsync();
        var photo = TestPhotos.Person(1);
        float[] probe = [.. Enumerable.Range(0, TestModels.Dimension).Select(i => MathF.Sin(1000.123f * (i + 1)))];
        var length = MathF.Sqrt(probe.Sum(value => value * value));
        probe = [.. probe.Select(value => value / length)];

        var gallery = await UseAsync(observed, photo, probe);
        var embedding = await StoredEmbeddingAsync(observed);
        await BreakAsync(observed, gallery);
        await Patience.UntilAsync(
            _ => Task.FromResult(observed.Collector.LogLines.Any(line => line.Contains("store-gallery", StringComparison.Ordinal))),
            () => "The loss of the database was never logged.",
            Cancelled);
        foreach (var process in observed.System.Processes)
        {
            await process.StopAsync();
        }

        var exports = observed.Collector.Exports.ToList();
        foreach (var signal in new[] { "trace", "metric", "log" })
        {
            Assert.Contains(exports, export => export.Signal == signal);
        }

        // The search finds what is there: galleries may be named.
        Assert.Contains(exports, export => export.Signal == "log" && Holds(export.Bytes, Encoding.UTF8.GetBytes(gallery)));
        var logs = observed.System.Processes.Select(process => Encoding.UTF8.GetBytes(process.Tail)).ToList();
        foreach (var (what, marker) in Markers(photo, probe, embedding))
        {
            var found = exports.Where(export => Holds(export.Bytes, marker)).Select(export => export.Signal).Distinct().ToList();
            Assert.True(
                found.Count == 0,
                $"{what} is in an exported {string.Join(" and ", found)}: {observed.Collector.LogLines.FirstOrDefault(line => Holds(Encoding.UTF8.GetBytes(line), marker))}");
            Assert.True(logs.TrueForAll(log => !Holds(log, marker)), $"{what} is in a log.");
        }
    }

    // Every way in which a person, a photo or an embedding comes in, right and wrong.
    private static async Task<string> UseAsync(ObservedDeployment observed, byte[] photo, float[] probe)
    {
        var system = observed.System;
        var gallery = await system.CreateGalleryAsync(Cancelled);
        var baggage = new Metadata { { "baggage", $"note={Baggage}" } };
        await system.Gallery.UpsertPersonAsync(
            new UpsertPersonRequest { GalleryId = gallery, PersonId = PersonId, Name = PersonName, ExternalId = ExternalId, Metadata = { ["note"] = MetadataText } },
            baggage, cancellationToken: Cancelled);
        await system.EnrolAsync(gallery, PersonId, photo, Cancelled);
        await system.VerifyAsync(gallery, PersonId, TestPhotos.Person(1, variation: 1), Cancelled);
        await system.Gallery.IdentifyAsync(
            new IdentifyRequest { GalleryId = gallery, Probe = new Probe { Embedding = new Embedding { Values = { probe } } } }, baggage, cancellationToken: Cancelled);

        var job = await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, baggage, cancellationToken: Cancelled);
        byte[][] photos = [TestPhotos.Person(2), TestPhotos.Landscape(), [.. photo.Take(photo.Length / 2)], "no photo"u8.ToArray()];
        foreach (var bytes in photos)
        {
            await system.Ingestion.UploadPhotoAsync(
                new UploadPhotoRequest { JobId = job.JobId, PersonId = PersonId, PersonName = PersonName, Source = Source, Photo = ByteString.CopyFrom(bytes) },
                baggage, cancellationToken: Cancelled);
        }

        await system.Ingestion.CloseJobAsync(new CloseJobRequest { JobId = job.JobId }, cancellationToken: Cancelled);
        await system.UntilCompletedAsync(job.JobId, Cancelled);

        // In paths and queries too, of routes that there are and of some that there are not.
        var http = system.GalleryProcess.HttpClient;
        using var found = await http.GetAsync($"/v1/galleries/{gallery}/persons/{PersonId}", Cancelled);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        using var faces = await http.GetAsync($"/v1/galleries/{gallery}/faces?personId={PersonId}", Cancelled);
        using var missing = await http.GetAsync($"/v1/galleries/{gallery}/persons/{PersonId}-unknown", Cancelled);
        using var noRoute = await http.GetAsync($"/v9/{PersonId}?name={PersonName}", Cancelled);
        using var enrolled = await http.PostAsJsonAsync($"/v1/galleries/{gallery}/persons/{PersonId}/faces", new { photo }, Cancelled);
        Assert.Equal(HttpStatusCode.OK, enrolled.StatusCode);
        foreach (var call in new Func<Task>[]
        {
            () => system.VerifyAsync(gallery, PersonId + "-unknown", photo, Cancelled),
            () => system.EnrolAsync(gallery, PersonId, "no photo"u8.ToArray(), Cancelled),
            () => system.EnrolAsync(gallery, PersonId + "\n", photo, Cancelled),
        })
        {
            await Assert.ThrowsAsync<RpcException>(call);
        }

        return gallery;
    }

    // Failures say most: the database goes away under calls and messages.
    private static async Task BreakAsync(ObservedDeployment observed, string gallery)
    {
        var system = observed.System;
        var job = await system.Ingestion.StartJobAsync(new StartJobRequest { GalleryId = gallery }, cancellationToken: Cancelled);
        system.EncoderProcess.Freeze();
        await system.Ingestion.UploadPhotoAsync(
            new UploadPhotoRequest { JobId = job.JobId, PersonId = PersonId, PersonName = PersonName, Source = Source, Photo = ByteString.CopyFrom(TestPhotos.Person(3)) }, cancellationToken: Cancelled);
        await system.LoseDatabaseAsync(Cancelled);
        system.EncoderProcess.Thaw();
        await Assert.ThrowsAsync<RpcException>(() => system.VerifyAsync(gallery, PersonId, TestPhotos.Person(1), Cancelled));
        await Assert.ThrowsAsync<RpcException>(() => system.EnrolAsync(gallery, PersonId, TestPhotos.Person(4), Cancelled));
    }

    private static async Task<byte[]> StoredEmbeddingAsync(ObservedDeployment observed)
    {
        await using var connection = new NpgsqlConnection(observed.System.Database);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand("SELECT embedding FROM gallery.faces LIMIT 1", connection);
        var values = MemoryMarshal.Cast<byte, float>((byte[])(await command.ExecuteScalarAsync(Cancelled))!).ToArray();

        // Zeros are everywhere: a stretch without them.
        const int stretch = 8;
        var start = Enumerable.Range(0, values.Length - stretch).First(at => values.Skip(at).Take(stretch).All(value => MathF.Abs(value) > 0.001f));
        return MemoryMarshal.AsBytes<float>(values.AsSpan(start, stretch)).ToArray();
    }

    private static IEnumerable<(string What, byte[] Bytes)> Markers(byte[] photo, float[] probe, byte[] embedding)
    {
        var texts = new Dictionary<string, string>
        {
            ["The person's id"] = PersonId,
            ["The person's name"] = PersonName,
            ["The external id"] = ExternalId,
            ["Metadata"] = MetadataText,
            ["The photo's source"] = Source,
            ["Baggage"] = Baggage,
            ["The database's password"] = Password,
            ["The broker's password"] = "guest:guest",
        };
        foreach (var (what, text) in texts)
        {
            yield return (what, Encoding.UTF8.GetBytes(text));
            yield return ($"{what} in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))[..^4]));
        }

        // From the middle: the beginnings of all photos are alike.
        foreach (var (what, bytes) in new[] { ("A photo", photo[(photo.Length / 2)..]), ("The enrolled embedding", embedding), ("The probe", MemoryMarshal.AsBytes<float>(probe).ToArray()) })
        {
            yield return ($"{what} in bytes", bytes[..12]);
            yield return ($"{what} in hex", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes, 0, 12)));
            yield return ($"{what} in small hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes, 0, 12)));

            // Base64 depends on where a group of three begins.
            for (var start = 0; start < 3; start++)
            {
                yield return ($"{what} in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes, start, 24)));
            }
        }

        // A number of an embedding as text, or as the double that a span's attribute would be.
        foreach (var value in probe.Take(4).Concat(MemoryMarshal.Cast<byte, float>(embedding)[..4].ToArray()))
        {
            yield return ("A number of an embedding as text", Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture)));
            yield return ("A number of an embedding", BitConverter.GetBytes((double)value));
        }
    }

    private static bool Holds(byte[] bytes, byte[] marker) => bytes.AsSpan().IndexOf(marker) >= 0;
}
