namespace FaceCloud.Cli.Tests;

public sealed record CliRun(int Code, string Output, string Error);
