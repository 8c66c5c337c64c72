namespace FaceCloud.Cli.Commands;

/// <summary>Files that a command writes. They hold names and ids of people: only their owner may read them.</summary>
internal static class NewFile
{
    /// <summary>Written under another name until it is whole, so that nobody takes half a file for one.</summary>
    /// <exception cref="InputException">The file is there and shall not be replaced, or cannot be written.</exception>
    public static async Task<T> WriteAsync<T>(string path, bool replace, Func<Stream, Task<T>> write)
    {
        if (File.Exists(path) && !replace)
        {
            throw new InputException(Reasons.FileExists, $"'{path}' is there already; give another name, or --force to replace it.");
        }

        var part = path + ".part";
        try
        {
            T result;
            await using (var output = Create(part))
            {
                result = await write(output);
                output.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
            return result;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Reasons.FileUnwritable, $"'{path}' cannot be written: {exception.Message}");
        }
        finally
        {
            // Gone already when all went well.
            if (File.Exists(part))
            {
                File.Delete(part);
            }
        }
    }

    /// <exception cref="InputException">The file is there, or cannot be written.</exception>
    public static StreamWriter CreateText(string path)
    {
        if (File.Exists(path))
        {
            throw new InputException(Reasons.FileExists, $"'{path}' is there already; give another name.");
        }

        try
        {
            return new StreamWriter(Create(path)) { NewLine = "\r\n" };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Reasons.FileUnwritable, $"'{path}' cannot be written: {exception.Message}");
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            if (File.Exists(path))
            {
                // Its mode would stay.
                File.Delete(path);
            }

            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
