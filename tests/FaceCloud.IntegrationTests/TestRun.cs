namespace FaceCloud.IntegrationTests;

/// <summary>Where this test run is and what it may do without.</summary>
public static class TestRun
{
    /// <summary>Set by most build servers: what the tests need must be there then.</summary>
    public static bool IsCi => string.Equals(Setting("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Debug or release, as these tests were built; the services beside them are taken from the same.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

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
}
