using System.Text;
using System.Text.Json;
using FaceCloud.Protos.Ingestion.V1;

namespace FaceCloud.Cli.Tests;

public sealed class EnrolManifestTests : CliTests
{
    [Theory]
    [InlineData("people.csv", "person_id,path,name\nada,ada/1.jpg,Ada\ngrace,grace/1.jpg,\"Grace, \"\"G\"\"\"\n")]
    [InlineData("people.csv", "\uFEFFpath;personId;name\r\nada/1.jpg;ada;Ada\r\n\r\ngrace/1.jpg;grace;\"Grace, \"\"G\"\"\"")]
    [InlineData("people.tsv", "path\tname\tperson_id\nada/1.jpg\tAda\tada\ngrace/1.jpg\t\"Grace, \"\"G\"\"\"\tgrace\n")]
    [InlineData("people.jsonl", "{\"person_id\":\"ada\",\"path\":\"ada/1.jpg\",\"name\":\"Ada\"}\n\n{\"personId\":\"grace\",\"path\":\"grace/1.jpg\",\"name\":\"Grace, \\\"G\\\"\"}\n")]
    public async Task Enrol_EveryFormat_AllRowsEnrolledWithTheirNames(string file, string manifest)
    {
        Cli.Photo("ada/1.jpg", "ada");
        Cli.Photo("grace/1.jpg", "grace");

        var (code, json) = await Cli.RunJsonAsync("enrol", Write(file, manifest), "--gallery", "staff");

        Assert.Equal(0, code);
        Assert.Equal(["ada/1.jpg", "grace/1.jpg"], Cli.Server.Ingestion.Received);
        Assert.Equal(["Ada", "Grace, \"G\""], Cli.Server.Ingestion.Names);
        Assert.Equal(
            ["jobId", "galleryId", "galleryCreated", "manifest", "rows", "outcomes", "reasons", "notEnrolled", "notEnrolledOmitted", "rejected", "rejectedOmitted", "seconds", "photosPerSecond", "exitCode"],
            Fields(json));
        Assert.Equal(["enrolled", "duplicate", "rejectedQuality", "noFace", "failed", "cancelled", "rejected"], Fields(json.GetProperty("outcomes")));
        Assert.Equal((2, 2), (Number(json, "rows"), Number(json.GetProperty("outcomes"), "enrolled")));
    }

    [Fact]
    public async Task Enrol_EveryKindOfBadRow_IsNamedByItsLineAndTheRestEnrolled()
    {
        Cli.Photo("1.jpg", "ada");
        Cli.Photo("2.jpg", "ada");
        Cli.Photo("blurry.jpg", "blurry");
        Directory.CreateDirectory(Path.Combine(Cli.Folder, "folder"));
        var longId = new string('x', 10_000);
        using var manifest = new MemoryStream();
        void Line(string text) => manifest.Write(Encoding.UTF8.GetBytes(text + "\n"));
        Line("person_id,path");
        Line("ada,1.jpg");
        Line("ada,missing.jpg");
        Line("ada,1.jpg");
        manifest.Write([(byte)'a', 0xFF, 0xFE, (byte)',', (byte)'x', (byte)'\n']);
        Line($"{longId},1.jpg");
        Line("ada,\"open");
        Line("ada,\"a\"b");
        Line("ada");
        Line("ada,1.jpg,more");
        Line("ada,");
        Line($"ada,{new string('y', 70_000)}");
        Line("ada,folder");
        Line("ada,blurry.jpg");
        Line(",1.jpg");
        Line("ada,2.jpg");
        var path = Path.Combine(Cli.Folder, "bad.csv");
        await File.WriteAllBytesAsync(path, manifest.ToArray(), TestContext.Current.CancellationToken);
        var rejectedFile = Path.Combine(Cli.Folder, "rejected.csv");

        var (code, json) = await Cli.RunJsonAsync("enrol", path, "--rejected", rejectedFile);

        var rejected = json.GetProperty("rejected").EnumerateArray()
            .Select(row => (row.GetProperty("line").GetInt32(), row.GetProperty("reason").GetString()))
            .Order()
            .ToArray();
        Assert.Equal(2, code);
        Assert.Equal(
            [
                (3, "FILE_NOT_FOUND"), (4, "ROW_DUPLICATE"), (5, "ROW_NOT_UTF8"), (6, "INVALID_ID"), (7, "ROW_INVALID"), (8, "ROW_INVALID"), (9, "ROW_INVALID"),
                (10, "ROW_INVALID"), (11, "ROW_INVALID"), (12, "ROW_TOO_LONG"), (13, "FILE_NOT_FOUND"), (15, "INVALID_ID"),
            ],
            rejected);
        Assert.Equal((15, 2, 1, 12), (Number(json, "rows"), Outcome(json, "enrolled"), Outcome(json, "rejectedQuality"), Outcome(json, "rejected")));
        Assert.Equal("blurry.jpg", Assert.Single(json.GetProperty("notEnrolled").EnumerateArray()).GetProperty("photo").GetString());
        Assert.Equal((1, 5), (Number(json.GetProperty("reasons"), "LOW_SHARPNESS"), Number(json.GetProperty("reasons"), "ROW_INVALID")));
        var lines = await File.ReadAllLinesAsync(rejectedFile, TestContext.Current.CancellationToken);
        Assert.Equal("line,place,person_id,reason,message", lines[0]);
        Assert.Equal(rejected.Select(row => $"{row.Item1}").Order(), lines.Skip(1).Select(line => line.Split(',')[0]).Order());
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 2048));
    }

    [Fact]
    public async Task Enrol_BadJsonLines_AreNamedByTheirLine()
    {
        Cli.Photo("1.jpg", "ada");
        string[] lines =
        [
            "{\"person_id\":\"ada\",\"path\":\"1.jpg\"}",
            "[1]",
            "{\"person_id\":\"ada\"",
            "{\"person_id\":\"ada\",\"path\":\"1.jpg\",\"url\":\"http://a\"}",
            "{\"person_id\":\"ada\",\"pth\":\"1.jpg\"}",
            "{\"person_id\":[],\"path\":\"1.jpg\"}",
            "{\"person_id\":\"\\ud800\",\"path\":\"1.jpg\"}",
            "{\"person_id\":\"ada\",\"path\":\"1.jpg\",\"metadata\":3}",
            "{\"person_id\":7,\"path\":\"1.jpg\"}",
        ];

        var (code, json) = await Cli.RunJsonAsync("enrol", Write("bad.ndjson", string.Join('\n', lines)));

        Assert.Equal(2, code);
        Assert.Equal(Enumerable.Range(2, 7), json.GetProperty("rejected").EnumerateArray().Select(row => row.GetProperty("line").GetInt32()));
        Assert.All(json.GetProperty("rejected").EnumerateArray(), row => Assert.Equal("ROW_INVALID", row.GetProperty("reason").GetString()));
        Assert.Equal(2, Outcome(json, "enrolled"));
    }

    [Fact]
    public async Task Enrol_DetailsOfPersons_AreWrittenOnceAndChangesFollow()
    {
        foreach (var photo in new[] { "1.jpg", "2.jpg", "3.jpg", "4.jpg" })
        {
            Cli.Photo(photo, "ada");
        }

        var manifest = Write("people.csv", "person_id,path,name,external_id,team\nada,1.jpg,Ada,E1,red\nada,2.jpg,Ada,E1,red\ngrace,3.jpg,Grace,,\nbob,4.jpg,Bob,E2,\n");

        var (code, _) = await Cli.RunJsonAsync("enrol", manifest, "--gallery", "staff");
        var (_, ada) = await Cli.RunJsonAsync("people", "show", "ada", "--gallery", "staff");

        Assert.Equal(0, code);
        Assert.Equal(2, Cli.Server.Traffic.Calls("UpsertPerson"));
        Assert.Equal("E1", ada.GetProperty("person").GetProperty("externalId").GetString());
        Assert.Equal("red", ada.GetProperty("person").GetProperty("metadata").GetProperty("team").GetString());
    }

    [Fact]
    public async Task Enrol_References_AreSentAsSuch()
    {
        var manifest = Write("refs.csv", "person_id,server_path,object_key,url\nada,a/1.jpg,,\ngrace,,in/2.jpg,\nbob,,,https://example.org/3.jpg\n");

        var (code, json) = await Cli.RunJsonAsync("enrol", manifest);

        Assert.Equal(0, code);
        Assert.Equal(3, Outcome(json, "enrolled"));
        Assert.Equal(
            [new PhotoReference { Path = "a/1.jpg" }, new PhotoReference { ObjectKey = "in/2.jpg" }, new PhotoReference { Url = "https://example.org/3.jpg" }],
            Cli.Server.Ingestion.References);
    }

    [Fact]
    public async Task Enrol_JobOptions_ReachTheServer()
    {
        Cli.Photo("1.jpg", "ada");

        var (code, json) = await Cli.RunJsonAsync(
            "enrol", Write("a.csv", "person_id,path\nada,1.jpg\n"), "--on-duplicate", "replace", "--priority", "LOW", "--job", "night-1", "--min-quality", "0.5");

        var start = Cli.Server.Ingestion.LastStart!;
        Assert.Equal((0, "night-1"), (code, json.GetProperty("jobId").GetString()));
        Assert.Equal((OnDuplicate.Replace, JobPriority.Low, 0.5f), (start.OnDuplicate, start.Priority, start.MinQuality));
    }

    [Theory]
    [InlineData("missing.csv", null, "FILE_NOT_FOUND")]
    [InlineData("empty.csv", "", "MANIFEST_INVALID")]
    [InlineData("header.csv", "person_id,path\n", "MANIFEST_INVALID")]
    [InlineData("columns.csv", "who,where\nada,1.jpg\n", "MANIFEST_INVALID")]
    [InlineData("twice.csv", "person_id,path,personId\nada,1.jpg,ada\n", "MANIFEST_INVALID")]
    [InlineData("unnamed.csv", "person_id,path,\nada,1.jpg,x\n", "MANIFEST_INVALID")]
    [InlineData("empty.jsonl", "\n\n", "MANIFEST_INVALID")]
    public async Task Enrol_ManifestOfNoUse_ExitsTwoAndStartsNoJob(string file, string? text, string reason)
    {
        var path = text is null ? Path.Combine(Cli.Folder, file) : Write(file, text);

        var (code, json) = await Cli.RunJsonAsync("enrol", path);

        Assert.Equal(2, code);
        Assert.Equal(reason, Reason(json));
        Assert.Equal(0, Cli.Server.Traffic.Calls("StartJob"));
    }

    [Fact]
    public async Task Enrol_UnknownWord_NamesThoseThereAre()
    {
        var run = await Cli.RunAsync("enrol", Write("a.csv", "person_id,path\n"), "--on-duplicate", "ignore");

        Assert.Equal(2, run.Code);
        Assert.Contains("enrol, skip, replace", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrol_PlainOutput_NamesRowsTotalsAndReasons()
    {
        Cli.Photo("1.jpg", "ada");

        var run = await Cli.RunAsync("enrol", Write("a.csv", "person_id,path\nada,1.jpg\nada,none.jpg\n"));

        Assert.Equal(2, run.Code);
        Assert.Matches(@"3\s+none.jpg\s+FILE_NOT_FOUND", run.Output);
        Assert.Matches(@"ENROLLED\s+1", run.Output);
        Assert.Matches(@"REJECTED\s+1", run.Output);
        Assert.Matches(@"total\s+2", run.Output);
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static int Outcome(JsonElement json, string name) => Number(json.GetProperty("outcomes"), name);

    private string Write(string name, string text)
    {
        var path = Path.Combine(Cli.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
