namespace FaceCloud.Trainer.Tests.Support;

/// <summary>libtorch has one generator for the whole process: tests that need the same numbers twice cannot run beside others that draw from it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SeededTests
{
    public const string Name = "seeded";
}
