namespace FaceCloud.IntegrationTests;

/// <summary>Where this test run is and what it has.</summary>
public static class TestRun
{
    /// <summary>Set by most build servers: what the tests need must be there then.</summary>
    public static bool IsCi => string.Equals(Setting("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or release, as these tests were built; the services beside them are taken from the same.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <summary>Folder with models and photos for development (FACECLOUD_SHARED, else beside the repository); null when there is none.</summary>
    public static string? Shared { get; } = FindShared();

    public static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>A dependency that a laptop may lack and a build server may not.</summary>
    public static void Require(bool there, string otherwise)
    {
        if (!there && IsCi)
        {
            Assert.Fail(otherwise);
        }

        Assert.SkipUnless(there, otherwise);
    }

    /// <summary>A file or folder of <see cref="Shared"/>; skips the test when it is not there.</summary>
    public static string RequireShared(string path)
    {
        var full = Shared is null ? null : Path.Combine(Shared, path);
        Assert.SkipUnless(Path.Exists(full), $"The folder for development has no {path} (FACECLOUD_SHARED, or shared beside the repository).");
        return full!;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FaceCloud.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests are not below FaceCloud.sln.");
        }

        return folder.FullName;
    }

    private static string? FindShared()
    {
        var folder = Setting("FACECLOUD_SHARED") ?? Path.Combine(Root, "..", "shared");
        return Directory.Exists(Path.Combine(folder, "models")) ? Path.GetFullPath(folder) : null;
    }
}
