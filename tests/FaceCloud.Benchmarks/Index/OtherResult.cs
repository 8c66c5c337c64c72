namespace FaceCloud.Benchmarks.Index;

/// <param name="Name">Library and what of it.</param>
/// <param name="One">Least of one probe.</param>
/// <param name="Batch">Least of 64 probes in one call.</param>
/// <param name="Recall">Share of our ten best persons of each probe that it found too.</param>
public sealed record OtherResult(string Name, TimeSpan One, TimeSpan Batch, double Recall);
