namespace FaceCloud.Trainer.Samples;

/// <summary>How many samples, and what they must keep to.</summary>
public sealed record SampleOptions
{
    /// <summary>Same seed and data, same pictures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Persons with several photos.</summary>
    public int Persons { get; init; } = 12;

    /// <summary>Photos of each.</summary>
    public int Photos { get; init; } = 4;

    /// <summary>Persons with one photo, to be refused.</summary>
    public int Strangers { get; init; } = 8;

    /// <summary>Pictures of several persons.</summary>
    public int Groups { get; init; } = 2;

    /// <summary>Persons drawn to choose from.</summary>
    public int Candidates { get; init; } = 90;

    /// <summary>Small steps tried to bring one photo of a chosen person within the limits.</summary>
    public int PhotoSteps { get; init; } = 90;

    /// <summary>Every two photos of one person are at least so similar, for every encoder.</summary>
    public float LeastSame { get; init; } = 0.54f;

    /// <summary>No two photos of different persons are more similar, for any encoder.</summary>
    public float MostDifferent { get; init; } = 0.32f;

    /// <summary>No photo is more similar to any crop that was learned from, for any encoder.</summary>
    public float MostTraining { get; init; } = 0.417f;

    /// <summary>How far within the limits a person must be without any expression, so that the photos have room; at a second chance the limits will do.</summary>
    public float Room { get; init; } = 0.01f;

    /// <summary>Small steps tried to lead a candidate away from all training crops and all persons taken.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>How much a person stands out among those who look alike; 1 as they do.</summary>
    public float Distinctness { get; init; } = 1.3f;

    /// <summary>
    /// So many candidates given up one after the other, and <see cref="MostDifferent"/> is eased; those left are tried in the order of their distance
    /// to the limits. Where it may be eased no more, those given up before get a second chance, once.
    /// </summary>
    public int Patience { get; init; } = 15;

    /// <summary>What is then added to it.</summary>
    public float Easing { get; init; } = 0.035f;

    /// <summary>However often it is eased, it goes no further than this: a face more similar could be taken for the other person.</summary>
    public float MostEased { get; init; } = 0.39f;
}
