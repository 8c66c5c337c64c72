using System.Globalization;
using FaceCloud.IntegrationTests.Deployments;

namespace FaceCloud.IntegrationTests.Scenarios;

public sealed class SeparateProcessesTests(SeparateDeployment system) : EnrolAndRecognize(system), IClassFixture<SeparateDeployment>
{
    [Fact]
    public void Ingestion_BesideServicesThatAnswer_GivesWay()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");

        Assert.All(NiceOfWorkers(System.IngestionProcess), nice => Assert.True(nice > 0));
        Assert.All(NiceOfWorkers(System.GalleryProcess), nice => Assert.Equal(0, nice));
    }

    // Of each thread that does the work.
    private static int[] NiceOfWorkers(ServiceProcess process)
    {
        int[] found = [.. Directory.EnumerateDirectories($"/proc/{process.ProcessId}/task").Select(Nice).OfType<int>()];
        Assert.NotEmpty(found);
        return found;
    }

    // proc(5), stat: the name in brackets is field 2, nice is field 19. Threads of the pool come and go.
    private static int? Nice(string thread)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat.Contains("(.NET TP Worker)", StringComparison.Ordinal)
                ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
