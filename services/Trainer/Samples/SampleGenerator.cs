using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Samples.Judging;
using FaceCloud.Trainer.Samples.Model;
using FaceCloud.Trainer.Samples.People;

namespace FaceCloud.Trainer.Samples;

/// <summary>
/// Draws persons, takes photos of them, and keeps those that detector and encoders see as they should: one good face a portrait, alike within a
/// person, unlike between persons, and near to no crop that was learned from.
/// </summary>
public sealed class SampleGenerator(
    PersonSampler sampler,
    Casting casting,
    SampleStudio studio,
    SampleJudge judge,
    IReadOnlyList<(int Encoder, TrainingGallery Gallery)> galleries,
    SampleOptions options,
    Action<string> log)
{
    private const int GroupSize = 4;
    private const int GroupTries = 40;

    private static readonly string[] Women = ["alma", "clara", "edda", "greta", "ines", "kira", "mona", "oda", "runa", "thea", "uma", "wanda"];
    private static readonly string[] Men = ["bruno", "david", "emil", "hugo", "jonas", "levi", "nils", "otto", "paul", "silas", "theo", "viktor"];

    private readonly SampleRules _rules = new(options, galleries);
    private readonly List<SamplePhoto> _photos = [];

    /// <summary>All pictures; those of a person stand together.</summary>
    /// <exception cref="TrainerException">Too few candidates keep to the limits.</exception>
    public IReadOnlyList<SamplePhoto> Run(CancellationToken cancellationToken)
    {
        var candidates = Candidates(cancellationToken);
        var order = PersonOrder.FarthestFirst(
            [.. candidates.Select(c => c.Kind.Woman)],
            (a, b) => SampleJudge.Highest(candidates[a].Face, candidates[b].Face),
            first: 0);
        var (people, strangers) = (new Dictionary<string, SamplePerson>(StringComparer.Ordinal), new Dictionary<string, SamplePerson>(StringComparer.Ordinal));
        var (women, men) = (0, 0);
        foreach (var candidate in order.Select(i => candidates[i]))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var half = (options.Persons + 1) / 2;
            var wanted = people.Count < options.Persons && (candidate.Kind.Woman ? women : men) < half;
            if ((!wanted && strangers.Count == options.Strangers) || MoveAway(candidate, cancellationToken) is not { } person)
            {
                continue;
            }

            if (wanted && Portraits(person) is { } portraits)
            {
                var name = person.Woman ? Women[women++ % Women.Length] : Men[men++ % Men.Length];
                people.Add(name, person);
                foreach (var (photo, i) in portraits.Select((p, i) => (p, i)))
                {
                    Take(new SamplePhoto($"people/{name}/{i + 1}.jpg", photo.Jpeg, [name], [photo.Face]));
                }

                log($"{name}: candidate {candidate.Number}");
            }
            else if (!wanted && Stranger(person) is { } stranger)
            {
                var name = $"stranger-{strangers.Count + 1}";
                strangers.Add(name, person);
                Take(new SamplePhoto($"strangers/{name}.jpg", stranger.Jpeg, [name], [stranger.Face]));
                log($"{name}: candidate {candidate.Number}");
            }

            if (people.Count == options.Persons && strangers.Count == options.Strangers)
            {
                break;
            }
        }

        if (people.Count < options.Persons || strangers.Count < options.Strangers)
        {
            throw new TrainerException(
                $"Only {people.Count} persons and {strangers.Count} strangers of {candidates.Count} candidates keep to the limits; draw more with --candidates.");
        }

        for (var group = 0; group < options.Groups; group++)
        {
            Take(Group(group, people, strangers));
        }

        return [.. _photos.OrderBy(p => p.Path, StringComparer.Ordinal)];
    }

    private List<Candidate> Candidates(CancellationToken cancellationToken)
    {
        var found = new List<Candidate>();
        for (var i = 0; i < options.Candidates; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = new GaussianRandom(options.Seed, i);
            var kind = sampler.Kind(random);
            var place = sampler.Person(kind, random, options.Distinctness);
            if (Proof(place, kind.Woman, i) is { } face)
            {
                found.Add(new Candidate(i, kind, place, face));
            }
        }

        if (found.Count == 0)
        {
            throw new TrainerException($"The detector finds one good face in none of {options.Candidates} candidates.");
        }

        log($"{found.Count} of {options.Candidates} candidates have one good face");
        return found;
    }

    // A chance face of 60,000 is like a drawn one as a stranger may be: small steps that stay as probable lead away from all of them.
    private SamplePerson? MoveAway(Candidate candidate, CancellationToken cancellationToken)
    {
        var random = new GaussianRandom(options.Seed, 100_000 + candidate.Number);
        var (place, cost) = (candidate.Place, Cost(candidate.Face));
        for (var step = 0; step < options.Steps && cost > 0; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = sampler.Near(candidate.Kind, place, random, options.Distinctness, rho: 0.3f);
            if (Proof(next, candidate.Kind.Woman, candidate.Number) is { } face && Cost(face) is var nextCost && nextCost < cost)
            {
                (place, cost) = (next, nextCost);
            }
        }

        log($"candidate {candidate.Number}: {(cost > 0 ? $"given up at {cost:F3}" : "far enough from all")}");
        return cost > 0 ? null : casting.Dress(place, candidate.Kind.Woman, PersonSeed(candidate.Number));
    }

    // How far beyond the limits, with room for photos that come out nearer than the proof.
    private float Cost(JudgedFace face) =>
        Math.Max(_rules.NearestTraining(face) - (options.MostTraining - options.Room), _rules.NearestTaken(face) - (options.MostDifferent - options.Room));

    private JudgedFace? Proof(float[] place, bool woman, int number) =>
        judge.Faces(studio.Proof(casting.Dress(place, woman, PersonSeed(number)))) is [{ Passes: true } face] ? face : null;

    private int PersonSeed(int number) => (options.Seed * 10_007) + number;

    private (byte[] Jpeg, JudgedFace Face)? Stranger(SamplePerson person)
    {
        for (var take = 0; take < options.Takes; take++)
        {
            var jpeg = studio.Portrait(person, take);
            if (judge.Faces(jpeg) is [{ Passes: true } face] && _rules.IsUnlikeAll(face) && _rules.IsNobody(face))
            {
                return (jpeg, face);
            }
        }

        return null;
    }

    private (byte[] Jpeg, JudgedFace Face)[]? Portraits(SamplePerson person)
    {
        var takes = new List<(byte[] Jpeg, JudgedFace Face)>();
        for (var take = 0; take < options.Takes; take++)
        {
            var jpeg = studio.Portrait(person, take);
            if (judge.Faces(jpeg) is [{ Passes: true } face] && _rules.IsUnlikeAll(face) && _rules.IsNobody(face))
            {
                takes.Add((jpeg, face));
            }
        }

        var chosen = PhotoChoice.Varied(takes.Count, (a, b) => SampleJudge.Lowest(takes[a].Face, takes[b].Face), options.Photos, options.LeastSame);
        return chosen is null ? null : [.. chosen.Select(i => takes[i])];
    }

    private SamplePhoto Group(int group, Dictionary<string, SamplePerson> people, Dictionary<string, SamplePerson> strangers)
    {
        var random = new GaussianRandom(options.Seed, 5000 + group);
        var names = people.Keys.Order(StringComparer.Ordinal).Skip(group * (GroupSize - 1)).Take(GroupSize - 1).ToList();
        names.Insert(random.Below(names.Count + 1), strangers.Keys.Order(StringComparer.Ordinal).ElementAt(group % strangers.Count));
        for (var attempt = 0; attempt < GroupTries; attempt++)
        {
            var jpeg = studio.Group([.. names.Select(n => people.GetValueOrDefault(n) ?? strangers[n])], (options.Seed * 977) + (group * GroupTries) + attempt);
            var faces = judge.Faces(jpeg);
            if (faces.Count == names.Count && faces.Zip(names).All(f => f.First.Passes && _rules.Is(f.First, f.Second) && _rules.IsNobody(f.First)))
            {
                return new SamplePhoto($"groups/group-{group + 1}.jpg", jpeg, names, faces);
            }
        }

        throw new TrainerException($"No picture of {string.Join(", ", names)} together keeps to the limits; try another --seed.");
    }

    private void Take(SamplePhoto photo)
    {
        _photos.Add(photo);
        foreach (var (face, person) in photo.Faces.Zip(photo.Persons))
        {
            _rules.Take(face, person);
        }
    }

    private sealed record Candidate(int Number, PersonKind Kind, float[] Place, JudgedFace Face);
}
