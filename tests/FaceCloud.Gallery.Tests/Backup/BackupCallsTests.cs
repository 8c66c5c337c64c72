using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceCloud.Gallery.Store;
using FaceCloud.Gallery.Tests.Grpc;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;
using Grpc.Core;

namespace FaceCloud.Gallery.Tests.Backup;

public sealed class BackupCallsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExportImport_IntoAnotherServer_EverythingIsThereToTheLastDigit()
    {
        await using var from = await GalleryHost.StartAsync();
        await FillAsync(from, persons: 30, facesEach: 3);
        await using var to = await GalleryHost.StartAsync(withGallery: false);

        var (summary, file) = await ExportAsync(from);
        var answer = await ImportAsync(to, file);

        Assert.Equal((31, 90, file.Length), (summary.Persons, summary.Faces, summary.Bytes));
        Assert.Equal(
            new ImportResponse
            {
                GalleryId = GalleryHost.Staff,
                GalleryCreated = true,
                SettingsApplied = true,
                PersonsAdded = 31,
                FacesAdded = 90,
                EmbeddingContract = TestFaces.Contract,
            },
            answer);
        Assert.Equal(await StateAsync(from), await StateAsync(to));
        Assert.Equal(await from.Index.GetSizeAsync(GalleryHost.StaffKey, Cancelled), await to.Index.GetSizeAsync(GalleryHost.StaffKey, Cancelled));
    }

    [Fact]
    public async Task Import_TheSameFileTwice_ChangesNothingMore()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 5, facesEach: 2);
        var (_, file) = await ExportAsync(host);
        var before = await StateAsync(host);

        var answer = await ImportAsync(host, file);

        Assert.Equal((false, false, 0, 6, 0, 10), (answer.GalleryCreated, answer.SettingsApplied, answer.PersonsAdded, answer.PersonsPresent, answer.FacesAdded, answer.FacesPresent));
        Assert.Equal(before, await StateAsync(host));
    }

    [Fact]
    public async Task Import_IntoAGalleryWithOthers_AddsWhatIsMissingAndLeavesTheRest()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 4, facesEach: 2);
        var (_, file) = await ExportAsync(host);
        await host.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = "other", Name = "Others", Settings = new GallerySettings { VerifyThreshold = 0.9f } });
        await host.Client.UpsertPersonAsync(new UpsertPersonRequest { GalleryId = "other", PersonId = "person 1", Name = "Known here" });

        var kept = await ImportAsync(host, file, new ImportOptions { GalleryId = "other" });
        var gallery = await host.Client.GetGalleryAsync(new GetGalleryRequest { GalleryId = "other" });
        var person = await host.Client.GetPersonAsync(new GetPersonRequest { GalleryId = "other", PersonId = "person 1" });
        var replaced = await ImportAsync(host, file, new ImportOptions { GalleryId = "other", ReplaceSettings = true });
        var changed = await host.Client.GetGalleryAsync(new GetGalleryRequest { GalleryId = "other" });

        Assert.Equal((false, 4, 1, 8), (kept.SettingsApplied, kept.PersonsAdded, kept.PersonsPresent, kept.FacesAdded));
        Assert.Equal(("Others", 0.9f, "Known here", 2), (gallery.Name, gallery.Settings.VerifyThreshold, person.Name, person.FaceCount));
        Assert.Equal((true, "Everybody", 0.4f), (replaced.SettingsApplied, changed.Name, changed.Settings.VerifyThreshold));
        Assert.Equal(8, gallery.FaceCount);
    }

    [Fact]
    public async Task Import_DeletedSinceTheBackup_StaysDeletedUnlessAsked()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 4, facesEach: 2);
        var (_, file) = await ExportAsync(host);
        await host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "person 1" });
        var face = (await host.AllFacesAsync())[0].FaceId.ToString();
        await host.Client.DeleteFaceAsync(new DeleteFaceRequest { GalleryId = GalleryHost.Staff, FaceId = face });
        await host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "empty" });

        var kept = await ImportAsync(host, file);
        var after = await host.AllFacesAsync();
        var restored = await ImportAsync(host, file, new ImportOptions { RestoreDeleted = true });

        Assert.Equal((0, 3, 2), (kept.PersonsAdded, kept.PersonsPresent, kept.PersonsDeleted));
        Assert.Equal((0, 5, 3), (kept.FacesAdded, kept.FacesPresent, kept.FacesDeleted));
        Assert.Equal(5, after.Count);
        Assert.Equal((2, 3, 0), (restored.PersonsAdded, restored.FacesAdded, restored.FacesDeleted));
        Assert.Equal(8, (await host.AllFacesAsync()).Count);
    }

    [Fact]
    public async Task Import_GalleryDeletedSinceTheBackup_ComesBackWhole()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 4, facesEach: 2);
        var before = await StateAsync(host);
        var (_, file) = await ExportAsync(host);
        await host.Client.DeletePersonAsync(new DeletePersonRequest { GalleryId = GalleryHost.Staff, PersonId = "person 1" });
        await host.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = GalleryHost.Staff });

        var answer = await ImportAsync(host, file);

        Assert.Equal((true, 8), (answer.GalleryCreated, answer.FacesAdded));
        Assert.Equal(before, await StateAsync(host));
    }

    [Fact]
    public async Task Export_GalleryWithoutFaces_RoundTrips()
    {
        await using var host = await GalleryHost.StartAsync();

        var (summary, file) = await ExportAsync(host);
        var answer = await ImportAsync(host, file, new ImportOptions { GalleryId = "copy" });

        Assert.Equal(("", 0, 0), (summary.EmbeddingContract, summary.Persons, summary.Faces));
        Assert.True(answer.GalleryCreated);
    }

    [Fact]
    public async Task Export_NoSuchGallery_IsNotFound()
    {
        await using var host = await GalleryHost.StartAsync(withGallery: false);

        var failure = await Assert.ThrowsAsync<RpcException>(() => ExportAsync(host));

        Assert.Equal("GALLERY_NOT_FOUND", Failures.ReasonOf(failure));
    }

    // Every write makes a person with two faces in one transaction: an export in between may hold any number of them, but no half one.
    [Fact]
    public async Task Export_WhileOthersWrite_IsOneMoment()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 200, facesEach: 2);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; !stopping.IsCancellationRequested; i++)
                {
                    await StorePairAsync(host, $"late {i}", i);
                    begun.TrySetResult();
                }
            },
            Cancelled);
        await begun.Task.WaitAsync(Cancelled);

        for (var export = 0; export < 5; export++)
        {
            var (summary, file) = await ExportAsync(host);
            using var archive = new ZipArchive(new MemoryStream(file));
            var persons = Lines(archive, "persons.jsonl").Select(line => line.GetProperty("personId").GetString()).ToHashSet();
            var faces = archive.Entries.Where(entry => entry.FullName.StartsWith("faces/", StringComparison.Ordinal) && entry.Name.EndsWith(".jsonl", StringComparison.Ordinal))
                .SelectMany(entry => Lines(archive, entry.FullName)).CountBy(line => line.GetProperty("personId").GetString()!).ToList();

            Assert.Equal(summary.Persons, persons.Count);
            Assert.Equal(summary.Faces, faces.Sum(person => person.Value));
            Assert.All(faces, person => Assert.Equal(2, person.Value));
            Assert.Equal(persons.Count - 1, faces.Count);
        }

        await stopping.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Import_AnotherModelThanTheGallerys_IsContractMismatchAndNothingChanges()
    {
        await using var from = await GalleryHost.StartAsync();
        await FillAsync(from, persons: 2, facesEach: 1);
        var (_, file) = await ExportAsync(from);
        await using var to = await GalleryHost.StartAsync();
        to.Encoder.Contract = "another:0123456789ab";
        await StorePairAsync(to, "ada", 1, "another:0123456789ab");
        var before = await StateAsync(to);

        var gallerys = await FailureAsync(to, file);
        var encoders = await FailureAsync(to, file, new ImportOptions { GalleryId = "new" });

        Assert.Equal((StatusCode.FailedPrecondition, "CONTRACT_MISMATCH"), gallerys);
        Assert.Equal((StatusCode.FailedPrecondition, "CONTRACT_MISMATCH"), encoders);
        Assert.Equal(before, await StateAsync(to));
        Assert.Null(await to.Store.FindGalleryAsync(new GalleryKey(Contracts.Tenants.Default, "new"), Cancelled));
    }

    [Fact]
    public async Task Import_CutOffAnywhere_IsDamagedAndNothingIsImported()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 20, facesEach: 2);
        var (_, file) = await ExportAsync(host);

        foreach (var length in Enumerable.Range(0, 40).Select(part => file.Length * part / 40).Append(file.Length - 1))
        {
            Assert.Equal((StatusCode.InvalidArgument, "BACKUP_DAMAGED"), await FailureAsync(host, file[..length], new ImportOptions { GalleryId = "new" }));
        }

        Assert.Null(await host.Store.FindGalleryAsync(new GalleryKey(Contracts.Tenants.Default, "new"), Cancelled));
    }

    [Fact]
    public async Task Import_OneByteChangedAnywhere_IsDamagedOrAsItWas()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 20, facesEach: 2);
        var (_, file) = await ExportAsync(host);
        var expected = await StateAsync(host);
        var random = new Random(1);
        var refused = 0;

        for (var run = 0; run < 150; run++)
        {
            var changed = (byte[])file.Clone();
            changed[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                // A time stamp of the archive's may change without harm.
                await ImportAsync(host, changed, new ImportOptions { GalleryId = "new" });
                Assert.Equal(expected, await StateAsync(host, "new"));
                await host.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = "new" });
            }
            catch (RpcException failure)
            {
                Assert.Contains(Failures.ReasonOf(failure), new[] { "BACKUP_DAMAGED", "BACKUP_UNSUPPORTED" });
                Assert.Null(await host.Store.FindGalleryAsync(new GalleryKey(Contracts.Tenants.Default, "new"), Cancelled));
                refused++;
            }
        }

        Assert.InRange(refused, 100, 150);
    }

    public static TheoryData<string, string> Forgeries() => new()
    {
        { "manifest.json", """{"version":2}""" },
        { "manifest.json", """{"needs":["gallery.json","calibrations.jsonl"]}""" },
        { "manifest.json", """{"format":"another"}""" },
        { "manifest.json", """{"faces":7}""" },
        { "manifest.json", """{"dimension":0}""" },
        { "manifest.json", """{"dimension":1000000}""" },
        { "manifest.json", """{"embeddingContract":""}""" },
        { "manifest.json", """{"entries":[]}""" },
        { "gallery.json", """{"settings":{"verifyThreshold":7}}""" },
        { "gallery.json", """{"settings":[]}""" },
        { "gallery.json", """{"galleryId":"NO"}""" },
        { "persons.jsonl", """{"personId":""}""" },
        { "persons.jsonl", """{"personId":"person 2"}""" },
        { "persons.jsonl", """{"name":null}""" },
        { "persons.jsonl", """{"metadata":{"":"x"}}""" },
        { "faces/000001.jsonl", """{"personId":"stranger"}""" },
        { "faces/000001.jsonl", """{"photoSha256":"xyz"}""" },
        { "faces/000001.jsonl", """{"faceOrdinal":-1}""" },
        { "faces/000001.jsonl", """{"quality":null}""" },
        { "faces/000001.jsonl", """{"createdAt":"yesterday"}""" },
    };

    // Checksums all right, content wrong: somebody else made this file.
    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Import_WholeFileWithWrongContent_IsRefusedAndNothingIsImported(string entry, string change)
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 3, facesEach: 1);
        var (_, file) = await ExportAsync(host);

        var forged = Forge(file, entry, JsonNode.Parse(change)!.AsObject());
        var (status, reason) = await FailureAsync(host, forged, new ImportOptions { GalleryId = "new" });

        var expected = change.Contains("\"version\"", StringComparison.Ordinal) || change.Contains("\"needs\"", StringComparison.Ordinal)
            ? (StatusCode.FailedPrecondition, "BACKUP_UNSUPPORTED")
            : (StatusCode.InvalidArgument, "BACKUP_DAMAGED");
        Assert.Equal(expected, (status, reason));
        Assert.Null(await host.Store.FindGalleryAsync(new GalleryKey(Contracts.Tenants.Default, "new"), Cancelled));
    }

    [Fact]
    public async Task Import_FileWithAPartOfALaterServer_PassesItOver()
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 3, facesEach: 1);
        var (_, file) = await ExportAsync(host);

        var extended = Rewrite(file, entries => entries.Add("calibrations.jsonl", System.Text.Encoding.UTF8.GetBytes("{}\n")), _ => { });
        var answer = await ImportAsync(host, extended, new ImportOptions { GalleryId = "new" });

        Assert.Equal(3, answer.FacesAdded);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(2f)]
    public async Task Import_EmbeddingNotOfUnitLength_IsDamaged(float factor)
    {
        await using var host = await GalleryHost.StartAsync();
        await FillAsync(host, persons: 3, facesEach: 1);
        var (_, file) = await ExportAsync(host);

        var forged = Rewrite(
            file,
            entries =>
            {
                var values = Contracts.EmbeddingBytes.ToFloats(entries["faces/000001.f32"]);
                entries["faces/000001.f32"] = Contracts.EmbeddingBytes.ToBytes([.. values.Select(value => value * factor)]);
            },
            _ => { });

        Assert.Equal((StatusCode.InvalidArgument, "BACKUP_DAMAGED"), await FailureAsync(host, forged, new ImportOptions { GalleryId = "new" }));
    }

    [Fact]
    public async Task Import_NotABackup_IsDamaged()
    {
        await using var host = await GalleryHost.StartAsync();
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("letter.txt");
        }

        Assert.Equal((StatusCode.InvalidArgument, "BACKUP_DAMAGED"), await FailureAsync(host, []));
        Assert.Equal((StatusCode.InvalidArgument, "BACKUP_DAMAGED"), await FailureAsync(host, "hello"u8.ToArray()));
        Assert.Equal((StatusCode.InvalidArgument, "BACKUP_DAMAGED"), await FailureAsync(host, zip.ToArray()));
    }

    [Fact]
    public async Task Import_LargerThanTheLimit_IsRefused()
    {
        await using var host = await GalleryHost.StartAsync(settings: new() { ["Backup:MaxBytes"] = "1000" });

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await FailureAsync(host, new byte[1001]));
    }

    [Fact]
    public async Task Import_NoOptionsFirst_IsInvalid()
    {
        await using var host = await GalleryHost.StartAsync();
        using var call = host.Backups.Import(cancellationToken: Cancelled);

        // The server may answer before the write returns, which then fails too.
        var writing = call.RequestStream.WriteAsync(new ImportRequest { Chunk = ByteString.CopyFromUtf8("x") }, Cancelled);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Assert.Equal("INVALID_ARGUMENT", Failures.ReasonOf(failure));
    }

    [Fact]
    public async Task ExportImport_Ended_LeaveNoFileBehind()
    {
        using var folder = new TemporaryFolder();
        await using var host = await GalleryHost.StartAsync(folder);
        await FillAsync(host, persons: 3, facesEach: 1);

        var (_, file) = await ExportAsync(host);
        await ImportAsync(host, file);
        await FailureAsync(host, file[..100]);

        Assert.DoesNotContain(Directory.EnumerateFiles(folder.Path), path => Path.GetFileName(path).StartsWith("backup-", StringComparison.Ordinal));
    }

    // More faces than a part of the file and a batch of the import hold.
    [Fact]
    public async Task ExportImport_SeveralParts_AllFacesArrive()
    {
        const int Faces = 5000;
        await using var host = await GalleryHost.StartAsync();
        var random = new Random(2);
        foreach (var batch in Enumerable.Range(0, Faces).Chunk(1000))
        {
            await StoreAsync(host, batch.Select(i => ($"person {i / 10}", $"photo {i}", Direction(random))));
        }

        var (summary, file) = await ExportAsync(host);
        var answer = await ImportAsync(host, file, new ImportOptions { GalleryId = "copy" });

        using var archive = new ZipArchive(new MemoryStream(file));
        Assert.Equal(2, archive.Entries.Count(entry => entry.Name.EndsWith(".f32", StringComparison.Ordinal)));
        Assert.Equal((Faces, Faces), (summary.Faces, answer.FacesAdded));
        Assert.Equal(Faces, (await host.Index.GetSizeAsync(new GalleryKey(Contracts.Tenants.Default, "copy"), Cancelled)).Faces);
    }

    // The engine of each side; a real PostgreSQL where FACECLOUD_TEST_POSTGRES names one.
    [Theory]
    [InlineData(Engines.Sqlite, Engines.Postgres)]
    [InlineData(Engines.Postgres, Engines.Sqlite)]
    public async Task ExportImport_BetweenEngines_EverythingIsThere(Engines fromEngine, Engines toEngine)
    {
        var connection = Environment.GetEnvironmentVariable("FACECLOUD_TEST_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(connection), "Needs a PostgreSQL server; set FACECLOUD_TEST_POSTGRES to its connection string.");
        await using var from = await GalleryHost.StartAsync(settings: Store(fromEngine), withGallery: false);
        await using var to = await GalleryHost.StartAsync(settings: Store(toEngine), withGallery: false);
        await DropAsync(from);
        await DropAsync(to);
        await from.Client.CreateGalleryAsync(new CreateGalleryRequest { GalleryId = GalleryHost.Staff });
        await FillAsync(from, persons: 20, facesEach: 3);

        var (_, file) = await ExportAsync(from);
        var answer = await ImportAsync(to, file);
        var states = (await StateAsync(from), await StateAsync(to));
        await DropAsync(from);
        await DropAsync(to);

        Assert.Equal(60, answer.FacesAdded);
        Assert.Equal(states.Item1, states.Item2);

        Dictionary<string, string?> Store(Engines engine) => engine == Engines.Postgres ? new() { ["ConnectionStrings:gallery"] = connection } : [];
    }

    public enum Engines
    {
        Sqlite,
        Postgres,
    }

    private static async Task DropAsync(GalleryHost host)
    {
        if (await host.Store.FindGalleryAsync(GalleryHost.StaffKey, Cancelled) is not null)
        {
            await host.Client.DeleteGalleryAsync(new DeleteGalleryRequest { GalleryId = GalleryHost.Staff });
        }
    }

    private static async Task FillAsync(GalleryHost host, int persons, int facesEach)
    {
        await host.Client.UpdateGalleryAsync(new UpdateGalleryRequest
        {
            GalleryId = GalleryHost.Staff,
            Name = "Everybody",
            Settings = new GallerySettings { VerifyThreshold = 0.4f, MaxFalsePositiveRate = 0.003, AmbiguityMargin = 0.05f, MinQuality = 0.2f },
        });
        var random = new Random(persons);
        await StoreAsync(host, Enumerable.Range(0, persons * facesEach).Select(i => ($"person {i / facesEach}", $"photo {i}", Direction(random))));
        await host.Client.UpsertPersonAsync(new UpsertPersonRequest
        {
            GalleryId = GalleryHost.Staff,
            PersonId = "empty",
            Name = "Zoë \"Z\" Müller\u200d",
            ExternalId = "7/ü",
            Metadata = { ["team"] = "a\nb", ["Ж"] = "" },
        });
    }

    private static Task StorePairAsync(GalleryHost host, string person, int seed, string contract = TestFaces.Contract)
    {
        var random = new Random(seed);
        return StoreAsync(host, [(person, $"{person} 1", Direction(random)), (person, $"{person} 2", Direction(random))], contract);
    }

    private static async Task StoreAsync(GalleryHost host, IEnumerable<(string Person, string Photo, float[] Embedding)> faces, string contract = TestFaces.Contract)
    {
        var (_, acceptance) = await host.Store.BeginEnrolmentAsync(GalleryHost.StaffKey, "nobody", CancellationToken.None);
        var stored = await host.Writer.AddFacesAsync(
            GalleryHost.StaffKey,
            [.. faces.Select((face, i) => TestFaces.New(acceptance, face.Person, face.Photo, i % 2 == 0 ? Guid.NewGuid() : null, contract, face.Embedding))],
            CancellationToken.None);
        Assert.All(stored, face => Assert.Equal(StoredFaceState.Added, face.State));
    }

    private static float[] Direction(Random random) =>
        Embeddings.Normalized([.. Enumerable.Range(0, FakeFaceEncoder.Dimension).Select(_ => random.NextSingle() - 0.5f)])!;

    // All that a gallery is, as text, embeddings bit by bit; without face ids and gallery id when it is a copy.
    private static async Task<string> StateAsync(GalleryHost host, string gallery = GalleryHost.Staff)
    {
        var key = new GalleryKey(Contracts.Tenants.Default, gallery);
        await using var snapshot = await host.Store.OpenSnapshotAsync(key, Cancelled);
        var row = snapshot.Gallery;
        var text = new StringBuilder();
        text.AppendLine(JsonSerializer.Serialize(new { row.Name, row.VerifyThreshold, row.IdentifyThreshold, row.MaxFalseAcceptRate, row.MaxFalsePositiveRate, row.AmbiguityMargin, row.MinQuality, row.EmbeddingContract, row.Dimension }));
        foreach (var person in await snapshot.ReadPersonsAsync().ToListAsync(Cancelled))
        {
            text.AppendLine(JsonSerializer.Serialize(new { person.PersonId, person.Name, person.ExternalId, Metadata = person.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal), person.CreatedAt }));
        }

        foreach (var face in (await snapshot.ReadFacesAsync().ToListAsync(Cancelled)).OrderBy(face => face.PhotoSha256, StringComparer.Ordinal))
        {
            text.AppendLine(JsonSerializer.Serialize(new
            {
                FaceId = gallery == GalleryHost.Staff ? face.FaceId : Contracts.FaceIds.Face(key.TenantId, GalleryHost.Staff, face.PersonId, face.PhotoSha256, face.FaceOrdinal),
                face.PersonId,
                face.EmbeddingContract,
                Embedding = Convert.ToHexString(face.Embedding),
                face.PhotoSha256,
                face.FaceOrdinal,
                face.ItemId,
                face.BoxX,
                face.BoxY,
                face.BoxWidth,
                face.BoxHeight,
                face.QualityScore,
                face.Sharpness,
                face.Brightness,
                face.Yaw,
                face.Pitch,
                face.Roll,
                face.CreatedAt,
            }));
        }

        return text.ToString();
    }

    private static async Task<(BackupSummary Summary, byte[] File)> ExportAsync(GalleryHost host)
    {
        using var call = host.Backups.Export(new ExportRequest { GalleryId = GalleryHost.Staff }, cancellationToken: Cancelled);
        Assert.True(await call.ResponseStream.MoveNext(Cancelled));
        var summary = call.ResponseStream.Current.Summary;
        using var file = new MemoryStream();
        await foreach (var message in call.ResponseStream.ReadAllAsync(Cancelled))
        {
            message.Chunk.WriteTo(file);
        }

        return (summary, file.ToArray());
    }

    private static async Task<ImportResponse> ImportAsync(GalleryHost host, byte[] file, ImportOptions? options = null)
    {
        using var call = host.Backups.Import(cancellationToken: Cancelled);
        try
        {
            await call.RequestStream.WriteAsync(new ImportRequest { Options = options ?? new ImportOptions() }, Cancelled);
            foreach (var chunk in file.Chunk(10_000))
            {
                await call.RequestStream.WriteAsync(new ImportRequest { Chunk = ByteString.CopyFrom(chunk) }, Cancelled);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The server has ended the call; why stands in its answer.
        }

        return await call.ResponseAsync;
    }

    private static async Task<(StatusCode, string?)> FailureAsync(GalleryHost host, byte[] file, ImportOptions? options = null)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => ImportAsync(host, file, options));

        Assert.NotEmpty(failure.Status.Detail);
        return (failure.StatusCode, Failures.ReasonOf(failure));
    }

    private static IEnumerable<JsonElement> Lines(ZipArchive archive, string entry)
    {
        using var reader = new StreamReader(archive.GetEntry(entry)!.Open());
        while (reader.ReadLine() is { } line)
        {
            yield return JsonDocument.Parse(line).RootElement;
        }
    }

    // Changes fields of the entry's (first) document.
    private static byte[] Forge(byte[] file, string entry, JsonObject change) => Rewrite(
        file,
        entries =>
        {
            if (entry != "manifest.json")
            {
                var lines = System.Text.Encoding.UTF8.GetString(entries[entry]).Split('\n');
                lines[0] = Changed(JsonNode.Parse(lines[0])!.AsObject(), change).ToJsonString();
                entries[entry] = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines));
            }
        },
        manifest =>
        {
            if (entry == "manifest.json")
            {
                Changed(manifest, change);
            }
        });

    private static JsonObject Changed(JsonObject document, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            document[name] = value?.DeepClone();
        }

        return document;
    }

    // Unpacks, changes, and packs again with checksums that fit.
    private static byte[] Rewrite(byte[] file, Action<Dictionary<string, byte[]>> change, Action<JsonObject> changeManifest)
    {
        var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using (var archive = new ZipArchive(new MemoryStream(file)))
        {
            foreach (var entry in archive.Entries)
            {
                using var content = new MemoryStream();
                using var stream = entry.Open();
                stream.CopyTo(content);
                entries.Add(entry.FullName, content.ToArray());
            }
        }

        entries.Remove("manifest.json", out var bytes);
        change(entries);
        var manifest = JsonNode.Parse(bytes)!.AsObject();
        manifest["entries"] = new JsonArray(
        [
            .. entries.Select(entry => (JsonNode)new JsonObject
            {
                ["name"] = entry.Key,
                ["bytes"] = entry.Value.Length,
                ["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(entry.Value)),
            }),
        ]);
        changeManifest(manifest);
        entries.Add("manifest.json", System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()));

        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = archive.CreateEntry(name).Open();
                stream.Write(content);
            }
        }

        return packed.ToArray();
    }
}
