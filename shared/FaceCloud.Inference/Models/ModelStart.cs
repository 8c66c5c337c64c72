using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.Inference.Models;

/// <summary>How a process that needs models runs.</summary>
public static class ModelStart
{
    /// <summary>Runs until stopped. A missing or wrong model is one sentence on standard error, not a stack trace.</summary>
    /// <returns>0, or 1 when a model is missing or wrong, or when something else stopped the process.</returns>
    public static async Task<int> RunWithModelsAsync(this WebApplication app)
    {
        if (!await HasModelsAsync(app))
        {
            return 1;
        }

        try
        {
            await app.RunAsync();
        }
        catch (ModelException exception)
        {
            // Found when it was loaded: a provider that is not there, a file that is no network.
            await SayAsync(exception);
            return 1;
        }

        // What stopped the process from within has said so here.
        return Environment.ExitCode;
    }

    /// <summary>Looks at the models before the start, whose failures the host logs with all their stack.</summary>
    /// <returns>False when one is missing or wrong; standard error says which.</returns>
    public static async Task<bool> HasModelsAsync(this WebApplication app)
    {
        try
        {
            foreach (var check in app.Services.GetServices<ModelsCheck>())
            {
                check.Check();
            }

            return true;
        }
        catch (ModelException exception)
        {
            await SayAsync(exception);
            return false;
        }
    }

    private static Task SayAsync(ModelException exception) => Console.Error.WriteLineAsync(
        $"FaceCloud cannot start: {exception.Message} (Set it with --Models:Directory FOLDER or the environment variable Models__Directory.)");
}
