namespace FaceCloud.Cli;

/// <summary>What scripts see. Where one command answers for several photos, it is the highest of theirs.</summary>
internal enum ExitCode
{
    /// <summary>Done; for verify and identify: a match.</summary>
    Success = 0,

    /// <summary>A clear no: another person, nobody enrolled, or two persons too alike to tell.</summary>
    NoMatch = 1,

    /// <summary>The input is at fault: arguments, a file, an id that does not exist, a photo without a fit face.</summary>
    BadInput = 2,

    /// <summary>No answer from the server: not there, too slow, too busy, or broken.</summary>
    Unreachable = 3,

    /// <summary>Stopped by Ctrl+C; the shell's usual number.</summary>
    Cancelled = 130,
}
