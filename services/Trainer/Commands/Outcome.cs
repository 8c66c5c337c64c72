using System.CommandLine;
using FaceCloud.Inference.Fitting;
using FaceCloud.Trainer.Failures;

namespace FaceCloud.Trainer.Commands;

/// <summary>Exit codes: 0 done, 1 something the user can act on (said in one sentence), 130 interrupted.</summary>
public static class Outcome
{
    public static async Task<int> Of(ParseResult parsed, Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is TrainerException or FittingException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
