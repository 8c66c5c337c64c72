using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FaceCloud.IntegrationTests.RandomKills;

/// <summary>What was done to the system, and what was found afterwards.</summary>
public sealed class KillReport(KillPlan plan)
{
    public ConcurrentDictionary<string, int> Kills { get; } = [];

    /// <summary>Answers that were no acknowledgement, by status: those photos were sent again.</summary>
    public ConcurrentDictionary<string, int> Refusals { get; } = [];

    public int Uploaded { get; set; }

    public int ByQueue { get; set; }

    public long Enrolled { get; set; }

    public long Duplicate { get; set; }

    public int Faces { get; set; }

    public int IndexedFaces { get; set; }

    public TimeSpan Took { get; set; }

    public string ToMarkdown(string command)
    {
        var text = new StringBuilder();
        Line($"# Random kills in the middle of jobs");
        Line($"");
        Line($"Gallery, Ingestion and Encoder in processes of their own over RabbitMQ and PostgreSQL; victims are killed with `kill -9` and started again at once,");
        Line($"also while they start; the broker is killed, or stopped and started. Meanwhile photos come in by gRPC and by the queue; whoever gets no acknowledgement sends again.");
        Line($"");
        Line($"* Machine: {Environment.ProcessorCount} cores; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}");
        Line($"* Command: `{command}`");
        Line($"* Seed {plan.Seed}; {plan.Jobs} jobs of {plan.PhotosPerJob} photos; took {Took:hh\\:mm\\:ss}");
        Line($"");
        Line($"| killed | times |");
        Line($"|---|---|");
        foreach (var (victim, times) in Kills.OrderBy(kill => kill.Key, StringComparer.Ordinal))
        {
            Line($"| {victim} | {times} |");
        }

        Line($"| all | **{Kills.Values.Sum()}** |");
        Line($"");
        Line($"| afterwards | |");
        Line($"|---|---|");
        Line($"| photos acknowledged: uploaded, by the queue | {Uploaded} + {ByQueue} = **{Uploaded + ByQueue}** |");
        Line($"| calls and publishes without an acknowledgement, sent again | {Refusals.Values.Sum()} ({string.Join(", ", Refusals.OrderBy(refusal => refusal.Key, StringComparer.Ordinal).Select(refusal => $"{refusal.Key} {refusal.Value}"))}) |");
        Line($"| outcomes: ENROLLED + DUPLICATE; FAILED, pending | {Enrolled} + {Duplicate} = **{Enrolled + Duplicate}**; 0, 0 |");
        Line($"| faces in the gallery, each once | **{Faces}** |");
        Line($"| faces of the store compared with the index; missing, too many, changed | **{IndexedFaces}**; 0, 0, 0 |");
        Line($"| photos left in the photo store; messages left in queues; dead letters | 0; 0; 0 |");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
