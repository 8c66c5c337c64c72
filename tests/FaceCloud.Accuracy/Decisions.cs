using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Accuracy;

/// <summary>Answers counted under one rule of decision.</summary>
/// <param name="Rule">Its name in the table.</param>
/// <param name="Right">Probes named rightly.</param>
/// <param name="Wrong">Probes named as another person.</param>
/// <param name="NotRecognized">Probes not named.</param>
/// <param name="StrangersNamed">Strangers named at all.</param>
/// <param name="Strangers">All strangers.</param>
internal sealed record Decisions(string Rule, int Right, int Wrong, int NotRecognized, int StrangersNamed, int Strangers)
{
    public int Probes => Right + Wrong + NotRecognized;

    /// <summary>A fixed cosine: the nearest person is named at or above it.</summary>
    public static Decisions AtCosine(string rule, float threshold, IReadOnlyCollection<Answer> answers) =>
        Count(rule, answers, answer => answer.Similarity >= threshold);

    /// <summary>The server's own outcome: AMBIGUOUS names nobody.</summary>
    public static Decisions OfServer(string rule, IReadOnlyCollection<Answer> answers) =>
        Count(rule, answers, answer => answer.Outcome == IdentifyOutcome.Recognized);

    private static Decisions Count(string rule, IReadOnlyCollection<Answer> answers, Func<Answer, bool> isNamed)
    {
        var probes = answers.Where(answer => answer.Person is not null).ToArray();
        var strangers = answers.Where(answer => answer.Person is null).ToArray();
        var named = probes.Where(isNamed).ToArray();
        var right = named.Count(answer => answer.IsNearestRight);
        return new Decisions(rule, right, named.Length - right, probes.Length - named.Length, strangers.Count(isNamed), strangers.Length);
    }
}
