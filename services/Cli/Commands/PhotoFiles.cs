using FaceCloud.Client;
using Grpc.Core;

namespace FaceCloud.Cli.Commands;

/// <summary>Photos named on the command line.</summary>
internal static class PhotoFiles
{
    private const int AtOnce = 4;

    /// <exception cref="InputException">Not there, or not readable.</exception>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new InputException(
                Reasons.FileNotFound, Directory.Exists(path) ? $"'{path}' is a folder; give photos." : $"There is no file '{path}'.");
        }

        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Reasons.FileUnreadable, $"'{path}' cannot be read: {exception.Message}");
        }
    }

    /// <summary>
    /// Asks for every photo, a few at once, and answers in their order. A photo that is at fault gets its own answer;
    /// a server that is not there, or an id that does not exist, ends the command.
    /// </summary>
    public static async Task<IReadOnlyList<PhotoAnswer<TAnswer>>> AskAsync<TAnswer>(
        string[] paths, Func<byte[], CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var answers = new PhotoAnswer<TAnswer>[paths.Length];
        await Parallel.ForAsync(
            0,
            paths.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                try
                {
                    var photo = await ReadAsync(paths[index], token);
                    answers[index] = new PhotoAnswer<TAnswer>(paths[index]) { Answer = await ask(photo, token) };
                }
                catch (InputException exception)
                {
                    answers[index] = new PhotoAnswer<TAnswer>(paths[index]) { Error = (exception.Reason, exception.Message, ExitCode.BadInput) };
                }
                catch (FaceCloudException exception) when (IsOfThePhoto(exception))
                {
                    answers[index] = new PhotoAnswer<TAnswer>(paths[index]) { Error = (exception.Reason, exception.Message, CommandRunner.Code(exception)) };
                }
            });
        return answers;
    }

    private static bool IsOfThePhoto(FaceCloudException exception) =>
        exception.Reason.StartsWith("PHOTO_", StringComparison.Ordinal) || exception.Status is StatusCode.Internal or StatusCode.DeadlineExceeded;
}
