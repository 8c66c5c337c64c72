using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using FaceCloud.IntegrationTests.Deployments;
using FaceCloud.IntegrationTests.Scenarios;
using FaceCloud.IntegrationTests.Servers;
using FaceCloud.Testing;
using FaceCloud.TestServers.Processes;
using Grpc.Core;

namespace FaceCloud.IntegrationTests.Observability;

/// <summary>Dashboard and alerts against what running services really expose; a renamed metric fails here and not at an operator's.</summary>
public sealed partial class DashboardTests(RabbitMqFixture rabbit, PostgresFixture postgres)
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "deploy", "observability");

    // Exist only once something has gone wrong; they are looked at without a value.
    private static readonly string[] OnlyInTrouble = ["facecloud_ingestion_items_overdue_total"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_CheckedAndTested_PromtoolFindsNothing()
    {
        PrometheusTools.Require();

        await PrometheusTools.CheckAsync(["check", "config", Path.Combine(Folder, "prometheus.yml")], Cancelled);
        await PrometheusTools.CheckAsync(["check", "rules", Path.Combine(Folder, "rules", "facecloud.rules.yml")], Cancelled);
        await PrometheusTools.CheckAsync(["test", "rules", Path.Combine(Folder, "rules", "facecloud.rules.test.yml")], Cancelled);
    }

    [Fact]
    public void Rules_EachAlert_IsTestedBothWaysAndExplained()
    {
        var alerts = Alert().Matches(File.ReadAllText(Path.Combine(Folder, "rules", "facecloud.rules.yml"))).Select(match => match.Groups[1].Value).ToList();
        var tests = File.ReadAllText(Path.Combine(Folder, "rules", "facecloud.rules.test.yml"));
        var manual = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "shared", "docs", "failures.md"));

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert =>
        {
            Assert.Equal(2, Regex.Count(tests, $"alertname: {alert}$", RegexOptions.Multiline));
            Assert.Contains(alert, manual, StringComparison.Ordinal);
        });
        foreach (Match runbook in Runbook().Matches(File.ReadAllText(Path.Combine(Folder, "rules", "facecloud.rules.yml"))))
        {
            Assert.Contains($"<a id=\"{runbook.Groups[1].Value}\"></a>", manual, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DashboardAndRules_ScrapedServices_EveryQueryFindsItsMetrics()
    {
        PrometheusTools.Require();
        await using var system = new SeparateDeployment(rabbit, postgres);
        system.Settings["Ingestion:MeasureInterval"] = "00:00:00.500";
        system.Settings["Gallery:MeasureInterval"] = "00:00:00.500";
        await system.InitializeAsync();
        using var folder = new OwnFolder("prometheus");
        await File.WriteAllTextAsync(folder.File("prometheus.yml"), Configuration(system), Cancelled);
        var (process, address) = await PrometheusTools.StartAsync(folder, Cancelled);
        await using var running = process;
        using var prometheus = new HttpClient { BaseAddress = address };

        await UseAsync(system);
        var queries = Queries().ToList();
        Assert.NotEmpty(queries);
        var empty = queries.ToList();
        await Patience.UntilAsync(
            async cancelled =>
            {
                // Work goes on meanwhile: a rate needs a change between two scrapes.
                await UseAsync(system);
                foreach (var query in empty.ToArray())
                {
                    if (await AnswersAsync(prometheus, query, cancelled))
                    {
                        empty.Remove(query);
                    }
                }

                return empty.Count == 0;
            },
            () => $"Without an answer:{Environment.NewLine}{string.Join(Environment.NewLine, empty)}{Environment.NewLine}{process.Tail}",
            Cancelled);

        foreach (var service in system.Processes)
        {
            var scrape = await service.HttpClient.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled);
            Assert.Contains("facecloud_health_status{", scrape, StringComparison.Ordinal);
            Assert.Equal("", await PrometheusTools.LintAsync(Ours(scrape), Cancelled));
        }
    }

    // The figures of the runtime have names that .NET gave them.
    private static string Ours(string scrape) => string.Concat(scrape
        .Split('\n')
        .Where(line => line.StartsWith("facecloud_", StringComparison.Ordinal) || line.StartsWith("rpc_", StringComparison.Ordinal)
            || line.StartsWith("# TYPE facecloud_", StringComparison.Ordinal) || line.StartsWith("# HELP facecloud_", StringComparison.Ordinal)
            || line.StartsWith("# TYPE rpc_", StringComparison.Ordinal) || line.StartsWith("# HELP rpc_", StringComparison.Ordinal))
        .Select(line => line + "\n"));

    // Every panel, and of the rules the metrics: their comparisons are rightly empty when all is well.
    private static IEnumerable<string> Queries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "grafana", "facecloud.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.TryGetProperty("targets", out var targets) ? targets.EnumerateArray().Select(target => target.GetProperty("expr").GetString()!) : [])
            .Select(expression => expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(panels);
        var rules = File.ReadAllText(Path.Combine(Folder, "rules", "facecloud.rules.yml"));
        var metrics = Metric().Matches(rules).Select(match => match.Value).Distinct().Except(OnlyInTrouble).ToList();
        Assert.NotEmpty(metrics);
        return panels.Where(expression => !OnlyInTrouble.Any(metric => expression.Contains(metric, StringComparison.Ordinal))).Concat(metrics);
    }

    private static async Task<bool> AnswersAsync(HttpClient prometheus, string query, CancellationToken cancellationToken)
    {
        using var response = await prometheus.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        Assert.True(answer.GetProperty("status").GetString() == "success", $"{query}: {answer}");
        return answer.GetProperty("data").GetProperty("result").GetArrayLength() > 0;
    }

    private static string Configuration(SeparateDeployment system) =>
        $$"""
        global: { scrape_interval: 1s, evaluation_interval: 1s }
        rule_files: ["{{Path.Combine(Folder, "rules", "facecloud.rules.yml")}}"]
        scrape_configs:
        {{string.Join('\n', system.Processes.Select(process =>
            $"  - {{ job_name: facecloud-{process.Name.ToLowerInvariant()}, static_configs: [{{ targets: [\"{process.Http.Authority}\"] }}] }}"))}}
        """;

    // Something of everything that is counted: decisions, rejections, jobs with good and bad photos, a refused call.
    private static async Task UseAsync(SeparateDeployment system)
    {
        var gallery = await system.CreateGalleryAsync(Cancelled);
        await system.EnrolAsync(gallery, "ada", TestPhotos.Person(1), Cancelled);
        await system.EnrolAsync(gallery, "small", TestPhotos.SmallFace(2), Cancelled);
        await system.VerifyAsync(gallery, "ada", TestPhotos.Person(1, variation: 1), Cancelled);
        await system.IdentifyAsync(gallery, TestPhotos.Person(1, variation: 2), Cancelled);
        await Assert.ThrowsAsync<RpcException>(() => system.VerifyAsync(gallery, "nobody", TestPhotos.Person(1), Cancelled));

        var photos = new[] { TestPhotos.Person(3), TestPhotos.Landscape(), "no photo"u8.ToArray() };
        var job = await system.UploadAsync(gallery, photos.Select((photo, i) => (i.ToString(CultureInfo.InvariantCulture), photo)), Cancelled);
        await system.UntilCompletedAsync(job, Cancelled);
    }

    // Of the rules, where labels stand in lists and braces; panels are asked whole.
    [GeneratedRegex(@"(?<![.\w])(facecloud|rpc|dotnet)_\w+(?=[{\[]| >)")]
    private static partial Regex Metric();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"runbook: shared/docs/failures\.md#(\w+)")]
    private static partial Regex Runbook();
}
