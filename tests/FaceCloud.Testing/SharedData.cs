using Xunit;

namespace FaceCloud.Testing;

/// <summary>
/// Models and photos that may not be part of the repository: the folder <c>shared</c> beside it, or the one that
/// FACECLOUD_SHARED names. Tests that need it are skipped where it is absent.
/// </summary>
public static class SharedData
{
    public const string Variable = "FACECLOUD_SHARED";

    /// <summary>The folder, whether or not it exists.</summary>
    public static string Root { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Path.Combine(RepositoryRoot.Path, "..", "shared"));

    public static bool IsPresent => Directory.Exists(Models) && Directory.Exists(Golden);

    /// <summary>ONNX files, expected.json and expected_embeddings.json.</summary>
    public static string Models { get; } = Path.Combine(Root, "models");

    /// <summary>The photos of expected.json.</summary>
    public static string Golden { get; } = Path.Combine(Root, "data", "golden");

    /// <summary>people.tar, strangers.tar, groups.</summary>
    public static string Photos { get; } = Path.Combine(Root, "data", "photos");

    /// <summary>Photos that a good system refuses, or handles with care.</summary>
    public static string Bad { get; } = Path.Combine(Photos, "bad");

    public static string Expected { get; } = Path.Combine(Models, "expected.json");

    public static string ExpectedEmbeddings { get; } = Path.Combine(Models, "expected_embeddings.json");

    /// <summary>The manifest in the repository that describes the models of <see cref="Models"/>.</summary>
    public static string Manifest { get; } = Path.Combine(RepositoryRoot.Path, "shared", "models", "models.json");

    public static void SkipUnlessPresent() =>
        Assert.SkipUnless(IsPresent, $"Needs the models and photos of '{Root}'; set {Variable} to the folder that has them.");
}
