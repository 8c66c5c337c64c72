using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FaceCloud.Inference.Models;

/// <summary>How a process that needs models runs.</summary>
public static class ModelStart
{
    /// <summary>Runs until stopped. A missing or wrong model is one sentence on standard error, not a stack trace.</summary>
    /// <returns>0, or 1 when a model is missing or wrong.</returns>
    public static async Task<int> RunWithModelsAsync(this WebApplication app)
    {
        try
        {
            // Before the start, whose failures the host logs with all their stack.
            foreach (var check in app.Services.GetServices<ModelsCheck>())
            {
                check.Check();
            }
        }
        catch (ModelException exception)
        {
            await Console.Error.WriteLineAsync(
                $"FaceCloud cannot start: {exception.Message} (Set it with --Models:Directory FOLDER or the environment variable Models__Directory.)");
            return 1;
        }

        await app.RunAsync();
        return 0;
    }
}
