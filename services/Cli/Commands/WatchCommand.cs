using System.CommandLine;
using System.Runtime.CompilerServices;
using FaceCloud.Cli.Output;
using FaceCloud.Cli.Watching;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf;
using Spectre.Console;

namespace FaceCloud.Cli.Commands;

/// <summary><c>facecloud watch PHOTO… | -</c></summary>
internal static class WatchCommand
{
    private const string StandardInput = "-";
    private const double DefaultRate = 5;
    private const int MaxPhotoBytes = 20 * 1024 * 1024;

    public static Command Create(CommandRunner runner)
    {
        var photos = new Argument<string[]>("photo") { Description = "Photos as frames, in this order; - reads JPEG frames from standard input (ffmpeg -f mjpeg -)", Arity = ArgumentArity.OneOrMore };
        var gallery = CommonOptions.Gallery();
        var all = new Option<bool>("--all-faces") { Description = "Every face of a frame, not only the largest" };
        var threshold = CommonOptions.Threshold();
        var rate = CommonOptions.Rate("--max-fpir", "Chance that a stranger is named at all");
        var fps = CommonOptions.Positive("--fps", "Photos sent a second; default 5. Standard input has a pace of its own");
        var command = new Command("watch", "Who is in the frames of a camera? Frames that the server has no time for are skipped. Exit code 0 when somebody was named, 1 when nobody.")
        {
            photos, gallery, all, threshold, rate, fps,
        };
        CommonOptions.AtMostOne(command, threshold, rate);
        runner.SetAction(command, async (parsed, client, cancellationToken) =>
        {
            var options = new IdentifyOptions
            {
                AllFaces = parsed.GetValue(all),
                Threshold = parsed.GetValue(threshold),
                MaxFalsePositiveRate = parsed.GetValue(rate),
                MaxCandidates = 1,
            };
            var paths = parsed.GetRequiredValue(photos);
            var frames = paths is [StandardInput]
                ? CameraAsync(Console.OpenStandardInput(), cancellationToken)
                : FilesAsync(paths, TimeSpan.FromSeconds(1 / (parsed.GetValue(fps) ?? DefaultRate)), cancellationToken);
            var watch = new Tally();
            await foreach (var reply in client.IdentifyFramesAsync(parsed.GetRequiredValue(gallery), frames, options, cancellationToken))
            {
                watch.Add(reply);
                if (Line(reply, paths) is { } line)
                {
                    runner.Say(parsed, line);
                }
            }

            return watch.ToResult();
        });
        return command;
    }

    private static async IAsyncEnumerable<Frame> FilesAsync(string[] paths, TimeSpan pause, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(pause);
        for (var i = 0; i < paths.Length; i++)
        {
            yield return new Frame { FrameId = i + 1, Photo = UnsafeByteOperations.UnsafeWrap(await PhotoFiles.ReadAsync(paths[i], cancellationToken)) };
            await pace.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async IAsyncEnumerable<Frame> CameraAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0L;
        await foreach (var photo in MjpegFrames.ReadAsync(stream, MaxPhotoBytes, cancellationToken))
        {
            yield return new Frame { FrameId = ++number, Photo = UnsafeByteOperations.UnsafeWrap(photo) };
        }
    }

    // Nothing to say of a frame without a face, nor of one that was skipped.
    private static string? Line(IdentifyStreamResponse reply, string[] paths)
    {
        var frame = paths is [StandardInput] ? $"frame {reply.FrameId}" : paths[reply.FrameId - 1];
        return reply.ResultCase switch
        {
            IdentifyStreamResponse.ResultOneofCase.Failure => $"{frame}: {reply.Failure.Message} [{reply.Failure.Reason}]",
            IdentifyStreamResponse.ResultOneofCase.Answer when reply.Answer.Faces.Count > 0 =>
                $"{frame}: {Words.Join(reply.Answer.Faces.Select(Label))}{(reply.Answer.Timings is { } timings ? $" ({timings.TotalMs:0} ms)" : "")}",
            _ => null,
        };
    }

    private static string Label(IdentifiedFace face) =>
        face.Outcome == IdentifyOutcome.Recognized && face.Candidates is [var best, ..] ? $"{best.PersonId} {Words.Number(best.Similarity)}" : Words.Of(face.Outcome);

    private sealed class Tally
    {
        private readonly SortedDictionary<string, (int Frames, float Best)> _persons = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);
        private int _answered;
        private int _skipped;
        private int _failed;

        public void Add(IdentifyStreamResponse reply)
        {
            switch (reply.ResultCase)
            {
                case IdentifyStreamResponse.ResultOneofCase.Skipped:
                    _skipped++;
                    break;
                case IdentifyStreamResponse.ResultOneofCase.Failure:
                    _failed++;
                    _failures[reply.Failure.Reason] = _failures.GetValueOrDefault(reply.Failure.Reason) + 1;
                    break;
                default:
                    _answered++;
                    Add(reply.Answer);
                    break;
            }
        }

        public CommandResult ToResult()
        {
            var code = _persons.Count > 0 ? ExitCode.Success : _answered > 0 ? ExitCode.NoMatch : ExitCode.BadInput;
            var document = new
            {
                Frames = new { Answered = _answered, Skipped = _skipped, Failed = _failed },
                Failures = _failures,
                Persons = _persons.Select(person => new { PersonId = person.Key, person.Value.Frames, BestSimilarity = person.Value.Best }).ToArray(),
            };
            return new CommandResult(code, document, console =>
            {
                var table = Terminal.Table(console, "person", "frames", "best similarity");
                foreach (var (person, (frames, best)) in _persons)
                {
                    Terminal.Row(table, person, $"{frames}", Words.Number(best));
                }

                console.Write(table);
                console.WriteLine($"{_answered} frames answered, {_skipped} skipped, {_failed} failed.");
            });
        }

        private void Add(IdentifyResponse answer)
        {
            foreach (var face in answer.Faces.Where(face => face.Outcome == IdentifyOutcome.Recognized))
            {
                var person = _persons.GetValueOrDefault(face.Candidates[0].PersonId);
                _persons[face.Candidates[0].PersonId] = (person.Frames + 1, Math.Max(person.Best, face.Candidates[0].Similarity));
            }
        }
    }
}
