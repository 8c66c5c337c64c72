namespace FaceCloud.Cli.Tests;

/// <summary>watch, group, similar, doctor, backup and restore.</summary>
public sealed class ToolCommandsTests : CliTests
{
    [Fact]
    public async Task Watch_Photos_LinesAndTally()
    {
        string[] frames = [Cli.Photo("1.jpg", "ada"), Cli.Photo("2.jpg", "stale"), Cli.Photo("3.jpg", "damaged"), Cli.Photo("4.jpg", "ada"), Cli.Photo("5.jpg", "empty")];

        var run = await Cli.RunAsync(["watch", .. frames, "--fps", "1000"]);
        var (code, json) = await Cli.RunJsonAsync(["watch", .. frames, "--fps", "1000"]);

        Assert.Equal((0, 0), (run.Code, code));
        Assert.Contains($"{frames[0]}: ada", run.Output, StringComparison.Ordinal);
        Assert.Contains("PHOTO_DAMAGED", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 frames answered, 1 skipped, 1 failed.", run.Output, StringComparison.Ordinal);
        Assert.Equal(["frames", "failures", "persons", "exitCode"], Fields(json));
        var person = json.GetProperty("persons").EnumerateArray().Single();
        Assert.Equal(("ada", 2), (person.GetProperty("personId").GetString(), person.GetProperty("frames").GetInt32()));
    }

    [Fact]
    public async Task Watch_NobodyNamedOrNothingReadable_ExitCodesTell()
    {
        var nobody = await Cli.RunAsync("watch", Cli.Photo("1.jpg", "stranger"), "--fps", "1000");
        var unreadable = await Cli.RunAsync("watch", Cli.Photo("2.jpg", "damaged"), "--fps", "1000");
        var (noGallery, failure) = await Cli.RunJsonAsync("watch", Cli.Photo("3.jpg", "ada"), "--gallery", "nowhere");
        var (noFile, missing) = await Cli.RunJsonAsync("watch", Path.Combine(Cli.Folder, "none.jpg"));
        var (noRate, usage) = await Cli.RunJsonAsync("watch", Cli.Photo("4.jpg", "ada"), "--fps", "0");

        Assert.Equal((1, 2, 2, 2, 2), (nobody.Code, unreadable.Code, noGallery, noFile, noRate));
        Assert.Equal(("GALLERY_NOT_FOUND", "FILE_NOT_FOUND", "USAGE"), (Reason(failure), Reason(missing), Reason(usage)));
    }

    [Fact]
    public async Task Group_FolderAndPhoto_GroupsWithFileNames()
    {
        string[] ada = [Cli.Photo("in/1.jpg", "ada"), Cli.Photo("in/deep/2.jpg", "ada")];
        var (grace, empty) = (Cli.Photo("3.jpg", "grace"), Cli.Photo("4.jpg", "empty"));

        var (code, json) = await Cli.RunJsonAsync("group", Path.Combine(Cli.Folder, "in"), grace, empty, "--threshold", "0.4");
        var run = await Cli.RunAsync("group", Path.Combine(Cli.Folder, "in"), grace, empty);

        Assert.Equal((0, 0), (code, run.Code));
        Assert.Equal(["groups", "ungrouped", "threshold", "embeddingContract", "timings", "exitCode"], Fields(json));
        Assert.Equal(ada, json.GetProperty("groups")[0].GetProperty("faces").EnumerateArray().Select(face => face.GetProperty("photo").GetString()));
        Assert.Equal(empty, json.GetProperty("ungrouped")[0].GetProperty("photo").GetString());
        Assert.Contains("3 faces in 2 groups", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Group_NothingToGroup_ExitsTwo()
    {
        Directory.CreateDirectory(Path.Combine(Cli.Folder, "bare"));

        var (nothing, usage) = await Cli.RunJsonAsync("group");
        var (bare, failure) = await Cli.RunJsonAsync("group", Path.Combine(Cli.Folder, "bare"));

        Assert.Equal((2, 2), (nothing, bare));
        Assert.Equal(("USAGE", "FOLDER_EMPTY"), (Reason(usage), Reason(failure)));
    }

    [Fact]
    public async Task Group_Enrolled_AsksForTheGallery()
    {
        await Cli.RunAsync("group", "--enrolled", "default");

        Assert.Equal(("default", true), (Cli.Server.Grouping.LastGroup!.GalleryId, Cli.Server.Grouping.LastGroup.EnrolledFaces));
    }

    [Fact]
    public async Task Similar_Person_ListsFacesAndPersons()
    {
        var (code, json) = await Cli.RunJsonAsync("similar", "--person", "ada", "--count", "3", "--max-far", "0.01");
        var run = await Cli.RunAsync("similar", "--person", "ada");
        var (usage, _) = await Cli.RunJsonAsync("similar");
        var (both, _) = await Cli.RunJsonAsync("similar", "--person", "ada", "--face", "face-1");

        Assert.Equal((0, 0, 2, 2), (code, run.Code, usage, both));
        Assert.Equal("grace", json.GetProperty("persons")[0].GetProperty("personId").GetString());
        Assert.Contains("grace", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_Findings_ExitOneAndAreShown()
    {
        var run = await Cli.RunAsync("doctor", "default");
        var (code, json) = await Cli.RunJsonAsync("doctor", "default", "--max-faces", "10", "--match-threshold", "0.3");
        var asked = Cli.Server.Doctor.LastExamine!;
        Cli.Server.Doctor.FindsNothing = true;
        var healthy = await Cli.RunAsync("doctor", "default");

        Assert.Equal((1, 1, 0), (run.Code, code, healthy.Code));
        Assert.Contains("Faces that seem to be somebody else's: 1", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"face-1\s+ada\s+grace", run.Output);
        Assert.Contains("Persons with one photo: 2 (ada, grace)", run.Output, StringComparison.Ordinal);
        Assert.Equal("grace", json.GetProperty("mislabelled")[0].GetProperty("likelyPersonId").GetString());
        Assert.Equal((10, 0.3f), (asked.MaxFaces, asked.MatchThreshold));
        Assert.Equal(
            ["galleryId", "counts", "mislabelled", "duplicates", "lookAlikes", "weakTemplates", "singlePhotoPersons", "emptyPersons", "personsExamined", "facesExamined", "personsTotal", "facesTotal", "matchThreshold", "nameThreshold", "embeddingContract", "totalMs", "exitCode"],
            Fields(json));
    }

    [Fact]
    public async Task BackupRestore_File_IsWholeAndOnlyTheOwners()
    {
        var path = Path.Combine(Cli.Folder, "staff.zip");

        var (code, json) = await Cli.RunJsonAsync("backup", "default", path);
        var (restored, answer) = await Cli.RunJsonAsync("restore", path, "--gallery", "copy", "--replace-settings");
        var shown = await Cli.RunAsync("restore", path);

        Assert.Equal((0, 0, 0), (code, restored, shown.Code));
        Assert.Equal(Cli.Server.Backups.File, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(["file", "galleryId", "embeddingContract", "persons", "faces", "bytes", "exitCode"], Fields(json));
        Assert.Equal(("copy", 1), (answer.GetProperty("galleryId").GetString(), answer.GetProperty("persons").GetProperty("added").GetInt32()));
        Assert.Contains("--restore-deleted", shown.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task Backup_FileIsThere_NeedsForce()
    {
        var path = Path.Combine(Cli.Folder, "staff.zip");
        await File.WriteAllTextAsync(path, "mine", TestContext.Current.CancellationToken);

        var (code, failure) = await Cli.RunJsonAsync("backup", "default", path);
        var kept = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var forced = await Cli.RunAsync("backup", "default", path, "--force");

        Assert.Equal((2, "FILE_EXISTS", "mine", 0), (code, Reason(failure), kept, forced.Code));
        Assert.Equal(700_000, new FileInfo(path).Length);
    }

    [Fact]
    public async Task Backup_ServerBreaks_LeavesNoFile()
    {
        var path = Path.Combine(Cli.Folder, "staff.zip");
        Cli.Server.Backups.Breaks = true;

        var (broken, _) = await Cli.RunJsonAsync("backup", "default", path);
        var (nowhere, failure) = await Cli.RunJsonAsync("backup", "nowhere", path);
        var (noFolder, unwritable) = await Cli.RunJsonAsync("backup", "default", Path.Combine(Cli.Folder, "no", "such", "staff.zip"));

        Assert.Equal((3, 2, 2), (broken, nowhere, noFolder));
        Assert.Equal(("GALLERY_NOT_FOUND", "FILE_UNWRITABLE"), (Reason(failure), Reason(unwritable)));
        Assert.Empty(Directory.EnumerateFiles(Cli.Folder));
    }

    [Fact]
    public async Task Restore_NoFileOrNoBackup_ExitsTwo()
    {
        var path = Path.Combine(Cli.Folder, "text.zip");
        await File.WriteAllTextAsync(path, "hello", TestContext.Current.CancellationToken);

        var (missing, first) = await Cli.RunJsonAsync("restore", Path.Combine(Cli.Folder, "none.zip"));
        var (damaged, second) = await Cli.RunJsonAsync("restore", path);

        Assert.Equal((2, 2), (missing, damaged));
        Assert.Equal(("FILE_NOT_FOUND", "BACKUP_DAMAGED"), (Reason(first), Reason(second)));
    }
}
