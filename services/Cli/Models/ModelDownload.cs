using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using FaceCloud.Client;

namespace FaceCloud.Cli.Models;

/// <summary>
/// Fetches a file over HTTP into a part file. A connection that breaks is taken up again (Range, If-Range), at once and by
/// the next run; a server whose file has changed sends it from the beginning.
/// </summary>
/// <param name="http">Without a time limit of its own.</param>
/// <param name="time">For the pause.</param>
/// <param name="pause">Before a broken connection is taken up again.</param>
internal sealed class ModelDownload(HttpClient http, TimeProvider time, TimeSpan pause)
{
    private const int Attempts = 4;
    private const int BufferSize = 128 * 1024;
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    /// <summary>Address without what may be secret in it: user and query.</summary>
    public static string Shown(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.Unescaped);

    /// <summary>HTTPS only. HTTP to this machine is safe too; elsewhere it must be asked for.</summary>
    /// <exception cref="InputException">Another address.</exception>
    public static void RequireSafe(Uri url, bool insecure)
    {
        if (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback && !insecure)
        {
            throw new InputException(
                Reasons.Usage, $"'{Shown(url)}' is not HTTPS: anybody on the way could put another model in its place. Give an https address, or --insecure with --sha256.");
        }
    }

    /// <summary>The whole file, when it returns.</summary>
    /// <param name="url">http or https.</param>
    /// <param name="part">Goes on from what is there. It is gone after a failure unless going on makes sense.</param>
    /// <param name="report">Bytes there, bytes in all if known.</param>
    /// <param name="cancellationToken">Keeps what came.</param>
    /// <exception cref="DownloadException">The file did not come.</exception>
    public async Task FetchAsync(Uri url, PartFile part, Action<long, long?>? report, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = part.Length;
            try
            {
                await TryAsync(url, part, report, cancellationToken);
                RequireModel(url, part);
                return;
            }
            catch (DownloadException exception) when (exception.IsInterruption)
            {
                var kept = part.Length;
                var mayGoOn = part.Condition(url) is not null;
                if (!mayGoOn || attempt == Attempts || part.Length <= before)
                {
                    throw new DownloadException(
                        exception.ExitCode,
                        exception.Reason,
                        exception.Message + (mayGoOn, kept) switch
                        {
                            (true, _) => $" {kept} bytes are kept: the same command goes on from there.",
                            (false, > 0) => " The server does not say how to go on from there, so nothing is kept.",
                            _ => "",
                        },
                        exception);
                }

                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private async Task TryAsync(Uri url, PartFile part, Action<long, long?>? report, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var condition = part.Condition(url);
        var start = part.Length;
        if (condition is not null)
        {
            request.Headers.Range = new RangeHeaderValue(start, null);
            request.Headers.IfRange = condition;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Stall);
        using var response = await ReadAsync(
            () => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token), $"'{Shown(url)}' cannot be reached", cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && condition is not null)
        {
            if (response.Content.Headers.ContentRange?.Length == start)
            {
                // All of it came the last time.
                return;
            }

            part.Delete();
            throw Interrupted($"'{Shown(url)}' has another file than the last time.", null);
        }

        RequireFile(url, response, part);
        var goOn = response.StatusCode == HttpStatusCode.PartialContent;
        if (goOn && response.Content.Headers.ContentRange?.From != start)
        {
            part.Delete();
            throw new DownloadException(ExitCode.Unreachable, Reasons.DownloadFailed, $"'{Shown(url)}' sends another part of the file than was asked for; try again.");
        }

        start = goOn ? start : 0;
        var total = response.Content.Headers.ContentLength is { } length ? start + length : (long?)null;
        using (var file = OpenFile(part, goOn))
        {
            Write(part, () => part.Remember(url, response));
            RequireSpace(part, total - start);
            await CopyAsync(url, response, file, start, total, part, report, patience, cancellationToken);
        }

        if (total is not null && part.Length != total)
        {
            throw Interrupted($"The download of '{Shown(url)}' ended at {part.Length} of {total} bytes.", null);
        }
    }

    private static async Task CopyAsync(
        Uri url, HttpResponseMessage response, FileStream file, long start, long? total, PartFile part, Action<long, long?>? report, CancellationTokenSource patience, CancellationToken cancellationToken)
    {
        var what = $"The download of '{Shown(url)}' broke off";
        var body = await ReadAsync(() => response.Content.ReadAsStreamAsync(patience.Token), what, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var done = start; ;)
            {
                report?.Invoke(done, total);
                patience.CancelAfter(Stall);
                var count = await ReadAsync(() => body.ReadAsync(buffer, patience.Token).AsTask(), $"{what} at {done}{(total is null ? "" : $" of {total}")} bytes", cancellationToken);
                if (count == 0)
                {
                    return;
                }

                Write(part, () => file.Write(buffer, 0, count));
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void RequireFile(Uri url, HttpResponseMessage response, PartFile part)
    {
        if (!response.IsSuccessStatusCode)
        {
            var mayHeal = (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
            if (!mayHeal)
            {
                part.Delete();
            }

            var words = (int)response.StatusCode is >= 300 and < 400
                ? $"leads to '{(response.Headers.Location is { } target ? target : "nowhere")}', where a download from '{url.Scheme}' does not follow"
                : $"answers {(int)response.StatusCode} {response.ReasonPhrase}";
            throw new DownloadException(
                mayHeal ? ExitCode.Unreachable : ExitCode.BadInput,
                Reasons.DownloadFailed,
                $"'{Shown(url)}' {words}; {(mayHeal ? "try again later" : "look at the address in a browser")}.");
        }

        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
        {
            part.Delete();
            throw Page(url);
        }
    }

    // Some servers call everything a binary.
    private static void RequireModel(Uri url, PartFile part)
    {
        Span<byte> head = stackalloc byte[64];
        int read;
        using (var file = File.OpenRead(part.Path))
        {
            read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }

        if (read == 0)
        {
            part.Delete();
            throw new DownloadException(ExitCode.BadInput, Reasons.DownloadFailed, $"'{Shown(url)}' is empty.");
        }

        if (head[..read].TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'<', ..])
        {
            part.Delete();
            throw Page(url);
        }
    }

    private static DownloadException Page(Uri url) => new(
        ExitCode.BadInput, Reasons.DownloadFailed, $"'{Shown(url)}' is a web page, not a model; give the address that its download button leads to.");

    private static FileStream OpenFile(PartFile part, bool goOn)
    {
        FileStream? file = null;
        Write(part, () => file = part.Open(goOn));
        return file!;
    }

    private static void RequireSpace(PartFile part, long? needed)
    {
        if (needed is not { } bytes)
        {
            return;
        }

        var free = new DriveInfo(Path.GetFullPath(part.Path)).AvailableFreeSpace;
        if (free < bytes)
        {
            throw new DownloadException(
                ExitCode.BadInput, Reasons.DiskFull, $"The disk of '{part.Path}' has {free} bytes free, the download needs {bytes}. Make room, or name another folder with --models-directory.");
        }
    }

    private static void Write(PartFile part, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var isFull = exception is IOException io && IsDiskFull(io);
            throw new DownloadException(
                ExitCode.BadInput,
                isFull ? Reasons.DiskFull : Reasons.FileUnreadable,
                isFull
                    ? $"The disk of '{part.Path}' is full; make room and run the same command again, which goes on where the server allows it."
                    : $"'{part.Path}' cannot be written: {exception.Message}",
                exception);
        }
    }

    /// <summary>ENOSPC, or Windows' ERROR_DISK_FULL.</summary>
    public static bool IsDiskFull(IOException exception) => (exception.HResult & 0xFFFF) is 28 or 112;

    private static async Task<T> ReadAsync<T>(Func<Task<T>> read, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await read();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Interrupted($"{what}: nothing came for {Stall.TotalSeconds:0} seconds.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Interrupted($"{what}: {exception.GetBaseException().Message}.", exception);
        }
    }

    private static DownloadException Interrupted(string message, Exception? inner) =>
        new(ExitCode.Unreachable, inner is HttpRequestException { StatusCode: null } ? FailureReasons.Unreachable : Reasons.DownloadFailed, message, inner) { IsInterruption = true };
}
