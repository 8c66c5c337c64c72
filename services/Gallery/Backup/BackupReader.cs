using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using FaceCloud.Contracts;
using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Grpc;
using FaceCloud.Gallery.Store;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;

namespace FaceCloud.Gallery.Backup;

/// <summary>
/// Reads a file that anybody may have made: nothing in it is believed before it is checked, and no entry, line or number in it makes
/// the memory grow. A file is read once for its checksums, once for its content, and once more to be written.
/// </summary>
internal sealed class BackupReader : IDisposable
{
    private static readonly JsonParser SettingsParser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
    private static readonly HashSet<string> Known = [BackupFormat.Gallery, BackupFormat.Persons];

    private readonly ZipArchive _archive;

    private BackupReader(ZipArchive archive, BackupManifest manifest)
    {
        _archive = archive;
        Manifest = manifest;
    }

    public BackupManifest Manifest { get; }

    /// <summary>Opens the file and checks that every entry is there, whole, and as it was written.</summary>
    /// <param name="file">Can seek; stays open.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FailureException">BackupDamaged, BackupUnsupported.</exception>
    public static async Task<BackupReader> OpenAsync(Stream file, CancellationToken cancellationToken)
    {
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var manifest = await ReadManifestAsync(archive, cancellationToken);
            await CheckEntriesAsync(archive, manifest, cancellationToken);
            return new BackupReader(archive, manifest);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or EndOfStreamException)
        {
            archive?.Dispose();
            throw Damaged("It cannot be read to its end", exception);
        }
        catch
        {
            archive?.Dispose();
            throw;
        }
    }

    public static FailureException Damaged(string what, Exception? inner = null) =>
        new(FailureReason.BackupDamaged, $"The file is no whole backup of a gallery. {what}; nothing was changed. Fetch the file again, or take an older one.", inner ?? new InvalidDataException(what));

    /// <summary>Reads all of it as Import will, so that Import fails at nothing that is in the file.</summary>
    /// <exception cref="FailureException">BackupDamaged.</exception>
    public async Task CheckContentAsync(CancellationToken cancellationToken)
    {
        await ReadGalleryAsync(cancellationToken);
        var persons = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var person in ReadPersonsAsync(new GalleryKey(Tenants.Default, Manifest.GalleryId), cancellationToken))
        {
            if (!persons.Add(person.PersonId))
            {
                throw Damaged($"The person '{person.PersonId}' is in it twice");
            }
        }

        long faces = 0;
        await foreach (var face in ReadFacesAsync(Acceptance.At(Manifest.CreatedAt), cancellationToken))
        {
            faces++;
            if (!persons.Contains(face.PersonId))
            {
                throw Damaged($"A face is of the person '{face.PersonId}', who is not in it");
            }
        }

        if (persons.Count != Manifest.Persons || faces != Manifest.Faces)
        {
            throw Damaged($"Its manifest names {Manifest.Persons} persons and {Manifest.Faces} faces, but there are {persons.Count} and {faces}");
        }
    }

    public async Task<CreateGalleryRequest> ReadGalleryAsync(CancellationToken cancellationToken)
    {
        await using var stream = Entry(BackupFormat.Gallery);
        try
        {
            var gallery = await JsonSerializer.DeserializeAsync<BackupGallery>(stream, BackupFormat.Json, cancellationToken) ?? throw Damaged("Its gallery is empty");
            var request = new CreateGalleryRequest
            {
                GalleryId = gallery.GalleryId,
                Name = gallery.Name,
                Settings = SettingsParser.Parse<GallerySettings>(gallery.Settings.GetRawText()),
            };

            // Throws for what a caller could not set either.
            GalleryMapping.ToRow(request, gallery.CreatedAt);
            return request;
        }
        catch (Exception exception) when (exception is JsonException or InvalidProtocolBufferException or InvalidJsonException or FailureException { Reason: not FailureReason.BackupDamaged })
        {
            throw Damaged($"Its {BackupFormat.Gallery} is wrong ({exception.Message})", exception);
        }
    }

    public async IAsyncEnumerable<PersonRow> ReadPersonsAsync(GalleryKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var person in ReadLinesAsync<BackupPerson>(BackupFormat.Persons, cancellationToken))
        {
            yield return ToRow(key, person);
        }
    }

    public async IAsyncEnumerable<NewFace> ReadFacesAsync(Acceptance acceptance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var embedding = new byte[Manifest.Dimension * sizeof(float)];
        for (var part = 1; _archive.GetEntry(BackupFormat.Part(part) + BackupFormat.FacesSuffix) is not null; part++)
        {
            var name = BackupFormat.Part(part);
            await using var embeddings = Entry(name + BackupFormat.EmbeddingsSuffix);
            await foreach (var face in ReadLinesAsync<BackupFace>(name + BackupFormat.FacesSuffix, cancellationToken))
            {
                if (await embeddings.ReadAtLeastAsync(embedding, embedding.Length, throwOnEndOfStream: false, cancellationToken) < embedding.Length)
                {
                    throw Damaged($"{name} has fewer embeddings than faces");
                }

                yield return ToFace(face, embedding, acceptance);
            }

            if (await embeddings.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellationToken) > 0)
            {
                throw Damaged($"{name} has more embeddings than faces");
            }
        }
    }

    public void Dispose() => _archive.Dispose();

    private static async Task<BackupManifest> ReadManifestAsync(ZipArchive archive, CancellationToken cancellationToken)
    {
        var entry = archive.GetEntry(BackupFormat.Manifest) ?? throw Damaged($"It has no {BackupFormat.Manifest}");
        if (entry.Length > BackupFormat.MaxManifest)
        {
            throw Damaged("Its manifest is too large");
        }

        await using var stream = entry.Open();

        // First only what every version has: a later manifest may look different.
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || format.GetString() != BackupFormat.Name
            || !root.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number) || number < 1)
        {
            throw Damaged("It does not say that it is one");
        }

        if (number > BackupFormat.Version)
        {
            throw Unsupported($"The backup is of version {number}; this server reads up to {BackupFormat.Version}. Import it with the FaceCloud that made it, or a later one.");
        }

        var manifest = root.Deserialize<BackupManifest>(BackupFormat.Json)!;
        if (manifest.Needs.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            throw Unsupported($"The backup needs '{unknown}', which this server does not know. Import it with the FaceCloud that made it, or a later one.");
        }

        var hasFaces = manifest.Faces > 0;
        return manifest.Persons >= 0 && manifest.Faces >= 0
            && manifest.EmbeddingContract.Length is >= 0 and <= 256 && manifest.EmbeddingContract.Length > 0 == hasFaces
            && manifest.Dimension is >= 0 and <= BackupFormat.MaxDimension && manifest.Dimension > 0 == hasFaces
            ? manifest
            : throw Damaged("Its manifest contradicts itself");
    }

    private static async Task CheckEntriesAsync(ZipArchive archive, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var listed = manifest.Entries.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var names = archive.Entries.Select(entry => entry.FullName).Where(name => name != BackupFormat.Manifest).ToList();
        if (listed.Count != manifest.Entries.Count || names.Count != listed.Count || !names.TrueForAll(listed.Contains))
        {
            throw Damaged("Its manifest does not list what is in it");
        }

        foreach (var entry in manifest.Entries)
        {
            await using var stream = archive.GetEntry(entry.Name)!.Open();
            var (bytes, sha256) = await HashAsync(stream, entry.Bytes, cancellationToken);
            if (bytes != entry.Bytes || sha256 != entry.Sha256)
            {
                throw Damaged($"{entry.Name} is not as it was written");
            }
        }
    }

    // Not beyond what is expected: a small file may unpack to a very large one.
    private static async Task<(long Bytes, string Sha256)> HashAsync(Stream stream, long expected, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            long bytes = 0;
            int read;
            while (bytes <= expected && (read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                bytes += read;
            }

            return (bytes, Convert.ToHexStringLower(hash.GetCurrentHash()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static FailureException Unsupported(string message) => new(FailureReason.BackupUnsupported, message);

    private static PersonRow ToRow(GalleryKey key, BackupPerson person)
    {
        try
        {
            var request = new UpsertPersonRequest { GalleryId = key.GalleryId, PersonId = person.PersonId, ExternalId = person.ExternalId, Name = person.Name };
            request.Metadata.Add(new Dictionary<string, string>(person.Metadata));
            RequestChecks.Person(person.PersonId);
            var row = PersonMapping.ToRow(request, person.CreatedAt);
            return new PersonRow
            {
                TenantId = key.TenantId,
                GalleryId = key.GalleryId,
                PersonId = row.PersonId,
                ExternalId = row.ExternalId,
                Name = row.Name,
                Metadata = row.Metadata,
                CreatedAt = person.CreatedAt,
            };
        }
        catch (Exception exception) when (exception is FailureException or ArgumentNullException)
        {
            throw Damaged($"A person in it is wrong ({exception.Message})", exception);
        }
    }

    private NewFace ToFace(BackupFace face, byte[] embedding, Acceptance acceptance)
    {
        var (box, quality) = (face.Box, face.Quality);
        float[] numbers = [box.X, box.Y, box.Width, box.Height, quality.Score, quality.Sharpness, quality.Brightness, quality.Yaw, quality.Pitch, quality.Roll];
        if (face.PhotoSha256.Length != 64 || !face.PhotoSha256.All(char.IsAsciiHexDigitLower) || face.FaceOrdinal < 0 || !numbers.All(float.IsFinite))
        {
            throw Damaged("A face in it has a checksum, an ordinal or a number that cannot be");
        }

        return new NewFace
        {
            PersonId = face.PersonId,
            PhotoSha256 = face.PhotoSha256,
            FaceOrdinal = face.FaceOrdinal,
            ItemId = face.ItemId,
            Embedding = Unit(embedding),
            EmbeddingContract = Manifest.EmbeddingContract,
            Box = box,
            Quality = new FaceQuality
            {
                Score = quality.Score,
                Sharpness = quality.Sharpness,
                Brightness = quality.Brightness,
                Yaw = quality.Yaw,
                Pitch = quality.Pitch,
                Roll = quality.Roll,
                Reasons = [],
            },
            CreatedAt = face.CreatedAt,
            Acceptance = acceptance,
        };
    }

    // Of unit length to the last digit or two, as it was stored; not made so again, since that would change the digits.
    private static float[] Unit(byte[] bytes)
    {
        var values = EmbeddingBytes.ToFloats(bytes);
        return System.Numerics.Tensors.TensorPrimitives.Norm<float>(values) is > 0.999f and < 1.001f
            ? values
            : throw Damaged("An embedding in it is not of unit length");
    }

    private Stream Entry(string name) => _archive.GetEntry(name)?.Open() ?? throw Damaged($"It has no {name}");

    private async IAsyncEnumerable<T> ReadLinesAsync<T>(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var reader = PipeReader.Create(Entry(name));
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var rest = result.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    yield return Parse<T>(name, rest.Slice(0, end));
                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                if (result.IsCompleted)
                {
                    if (!rest.IsEmpty)
                    {
                        throw Damaged($"The last line of {name} has no end");
                    }

                    yield break;
                }

                if (rest.Length > BackupFormat.MaxLine)
                {
                    throw Damaged($"A line of {name} is too long");
                }

                reader.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static T Parse<T>(string name, ReadOnlySequence<byte> line)
        where T : class
    {
        try
        {
            var json = new Utf8JsonReader(line);
            return JsonSerializer.Deserialize<T>(ref json, BackupFormat.Json) ?? throw Damaged($"A line of {name} is empty");
        }
        catch (JsonException exception)
        {
            throw Damaged($"A line of {name} is wrong", exception);
        }
    }
}
