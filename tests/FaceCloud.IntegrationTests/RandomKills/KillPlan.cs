namespace FaceCloud.IntegrationTests.RandomKills;

/// <param name="Seed">The same seed draws the same victims and pauses; what they hit differs all the same.</param>
/// <param name="Kills">In all jobs together.</param>
/// <param name="Jobs">One after another.</param>
/// <param name="PhotosPerJob">Three of four uploaded, one of four sent by the queue.</param>
/// <param name="LongestPause">Between two kills.</param>
public sealed record KillPlan(int Seed, int Kills, int Jobs, int PhotosPerJob, TimeSpan LongestPause);
