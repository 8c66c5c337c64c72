namespace FaceCloud.Trainer.Evaluation;

/// <summary>What a threshold that was right for good photos does to worse probes.</summary>
/// <param name="Condition">What was done to the probe.</param>
/// <param name="TrueAccepts">Share of same pairs accepted at the threshold.</param>
/// <param name="FalseAccepts">Share of different pairs accepted at the threshold.</param>
/// <param name="EqualErrorRate">With a threshold of its own.</param>
public sealed record ConditionScores(PhotoCondition Condition, double TrueAccepts, double FalseAccepts, double EqualErrorRate);
