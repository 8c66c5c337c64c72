using System.Net;

namespace FaceCloud.Trainer.Calibration;

/// <summary>
/// One page of what was measured, self-contained: no script, nothing loaded. Each verb writes its own section into the folder and puts the page
/// together from those that are there.
/// </summary>
public static class ReportPage
{
    /// <summary>The page in the folder.</summary>
    public const string FileName = "report.html";

    private static readonly string[] Sections = ["calibration", "heads"];

    /// <summary>Writes a section and the page.</summary>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="section">calibration or heads.</param>
    /// <param name="html">The section's content.</param>
    public static void Write(string folder, string section, string html)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(SectionFile(folder, section), html);
        var body = string.Concat(Sections.Select(name => SectionFile(folder, name)).Where(File.Exists).Select(File.ReadAllText));
        File.WriteAllText(Path.Combine(folder, FileName), $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>FaceCloud: calibration</title>
            <style>
            :root { --paper: #ffffff; --ink: #222222; --soft: #666666; --line: #dddddd; --band: #f5f6f8; --warn: #a33c00 }
            @media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e8e8e8; --soft: #a8a8a8; --line: #3a3d44; --band: #1e2126; --warn: #ff9a5c } }
            body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 1080px; margin: 2rem auto; padding: 0 1rem }
            h1 { font-size: 1.7rem } h2 { font-size: 1.25rem; margin-top: 2.2rem } h3 { font-size: 1.02rem; margin: 1.6rem 0 .4rem }
            p { max-width: 72ch } .soft { color: var(--soft) } .warn { color: var(--warn) }
            .scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .92rem }
            th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap }
            th { background: var(--band); font-weight: 600 } td.word, th.word { text-align: left } td.long { white-space: normal }
            .chosen td { font-weight: 600 } svg { width: 100%; height: auto; margin: .5rem 0 1rem; border: 1px solid var(--line); border-radius: 6px }
            </style>
            </head>
            <body>
            <h1>What was measured</h1>
            {{body}}
            </body>
            </html>

            """);
    }

    /// <summary>Text as it may stand in a page.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string SectionFile(string folder, string section) => Path.Combine(folder, $"{section}.section.html");
}
