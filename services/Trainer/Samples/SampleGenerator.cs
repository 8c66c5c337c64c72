using System.Globalization;
using FaceCloud.Trainer.Failures;
using FaceCloud.Trainer.Samples.Judging;
using FaceCloud.Trainer.Samples.Model;
using FaceCloud.Trainer.Samples.People;

namespace FaceCloud.Trainer.Samples;

/// <summary>
/// Draws persons, takes photos of them, and keeps those that detector and encoders see as they should: one good face a portrait, alike within a
/// person, unlike between persons, and near to no crop that was learned from. Every person is in the folder as soon as it is found, and a search that
/// was interrupted goes on from there.
/// </summary>
public sealed class SampleGenerator(
    PersonSampler sampler,
    Casting casting,
    SampleStudio studio,
    Func<byte[], IReadOnlyList<JudgedFace>> judge,
    IReadOnlyList<(int Way, TrainingGallery Gallery)> galleries,
    SampleOptions options,
    SampleFolder folder,
    Action<string> log)
{
    /// <summary>There are no more names.</summary>
    public const int MostPersons = 20;

    private const int GroupSize = 4;
    private const int GroupSteps = 120;
    private const int GroupTries = 4;

    // From nearly as the person is to a telling expression or light.
    private static readonly float[] Strengths = [0.25f, 0.5f, 0.4f, 0.5f, 0.35f];

    // The plain face keeps to the limits: what has to be led towards them grows a little plainer with every step.
    private const float Plainer = 0.96f;

    // Names that say nothing of sex or country.
    private static readonly string[] Names =
        ["alex", "charlie", "eden", "jamie", "kim", "luca", "micha", "noa", "robin", "sam", "toni", "yuki", "ariel", "dana", "jules", "kai", "mika", "nico", "remy", "sasha"];

    private readonly SampleRules _rules = new(options, galleries);
    private readonly List<SamplePhoto> _photos = [];

    /// <summary>All pictures; those of a person stand together.</summary>
    /// <exception cref="TrainerException">Too few candidates keep to the limits.</exception>
    public IReadOnlyList<SamplePhoto> Run(CancellationToken cancellationToken)
    {
        var candidates = Candidates(cancellationToken);
        Candidate[] order = [.. PersonOrder.FarthestFirst(
            [.. candidates.Select(c => c.Kind.Woman)],
            (a, b) => SampleJudge.Highest(candidates[a].Face, candidates[b].Face),
            first: 0).Select(i => candidates[i])];
        var (people, strangers) = (new Dictionary<string, SamplePerson>(StringComparer.Ordinal), new Dictionary<string, SamplePerson>(StringComparer.Ordinal));
        var (women, men, givenUp) = (0, 0, 0);
        List<Candidate>? comeBack = [];
        for (var next = 0; next < order.Length || AskBack(next - 1); next++)
        {
            var candidate = order[next];
            cancellationToken.ThrowIfCancellationRequested();
            var half = (options.Persons + 1) / 2;
            var wanted = people.Count < options.Persons && (candidate.Kind.Woman ? women : men) < half;
            if (!wanted && strangers.Count == options.Strangers)
            {
                continue;
            }

            var name = !wanted ? $"stranger-{strangers.Count + 1}" : Names[people.Count];
            string[] pictures = !wanted ? [$"strangers/{name}.jpg"] : [.. Enumerable.Range(1, options.Photos).Select(i => $"people/{name}/{i}.jpg")];
            if ((folder.Progress.Find(candidate.Key) is { } tried ? Saved(candidate, tried, pictures) : Search(candidate, name, pictures, cancellationToken)) is not { } person)
            {
                comeBack?.Add(candidate);
                if (++givenUp % options.Patience == 0)
                {
                    // Variety had its turn: of those left, first who has the shortest way to go.
                    if (_rules.Ease() is { } eased)
                    {
                        Continue(next, []);
                        log(string.Create(CultureInfo.InvariantCulture, $"{options.Patience} given up in a row: persons may now be as like as {eased:F3}, the nearest first"));
                    }
                    else
                    {
                        AskBack(next);
                    }
                }

                continue;
            }

            givenUp = 0;
            (wanted ? people : strangers).Add(name, person);
            women += wanted && person.Woman ? 1 : 0;
            men += wanted && !person.Woman ? 1 : 0;
            log($"{name}: candidate {candidate.Number}");
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
            Take(folder.Progress.Find(-1 - group) is { Name: { } names } ? Saved($"groups/group-{group + 1}.jpg", names.Split(';')) : Search(group, people, strangers, cancellationToken));
        }

        return [.. _photos.OrderBy(p => p.Path, StringComparer.Ordinal)];

        void Continue(int after, IEnumerable<Candidate> more) =>
            order = [.. order[..(after + 1)], .. order[(after + 1)..].Concat(more).OrderBy(c => _rules.Excess(c.Face, "", []))];

        // Most were given up while the limits were narrower, and some near to them.
        bool AskBack(int after)
        {
            if (comeBack is not { Count: > 0 } more)
            {
                return false;
            }

            log($"{more.Count} given up before get a second chance");
            Continue(after, more.Select(Again));
            comeBack = null;
            return true;
        }
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
            var person = casting.Dress(place, kind.Woman, (options.Seed * 10_007) + i);
            if (Look(studio.Proof(person)(place)) is { } face)
            {
                found.Add(new Candidate(i, i, kind, person, face));
            }
        }

        if (found.Count == 0)
        {
            throw new TrainerException($"The detector finds one good face in none of {options.Candidates} candidates.");
        }

        log($"{found.Count} of {options.Candidates} candidates have one good face");
        return found;
    }

    // Null where the candidate was given up.
    private SamplePerson? Saved(Candidate candidate, SampleProgress.Tried tried, string[] pictures)
    {
        if (tried is not { Name: { } name, Place: { } place })
        {
            return null;
        }

        foreach (var picture in pictures)
        {
            Take(Saved(picture, [name]));
        }

        return candidate.Person with { Place = place };
    }

    private SamplePhoto Saved(string picture, string[] persons)
    {
        var jpeg = folder.Read(picture);
        return new SamplePhoto(picture, jpeg, persons, judge(jpeg));
    }

    private bool IsSecondChance(Candidate candidate) => candidate.Key >= options.Candidates;

    // From where the first search ended.
    private Candidate Again(Candidate candidate)
    {
        var place = folder.Progress.Find(candidate.Key)!.Place ?? candidate.Person.Place;
        return candidate with
        {
            Key = candidate.Key + options.Candidates,
            Person = candidate.Person with { Place = place },
            Face = Look(studio.Proof(candidate.Person)(place)) ?? candidate.Face,
        };
    }

    // The person in so many photos that keep to the limits; null where there are none.
    private SamplePerson? Search(Candidate candidate, string name, string[] pictures, CancellationToken cancellationToken)
    {
        var (person, isFree) = MoveAway(candidate, cancellationToken);
        if (!isFree || Portraits(person, name, pictures.Length, cancellationToken) is not { } portraits)
        {
            folder.Progress.Add(new SampleProgress.Tried(candidate.Key, null, person.Place));
            return null;
        }

        foreach (var (picture, portrait) in pictures.Zip(portraits))
        {
            folder.Write(picture, portrait.Jpeg);
            Take(new SamplePhoto(picture, portrait.Jpeg, [name], [portrait.Face]));
        }

        folder.Progress.Add(new SampleProgress.Tried(candidate.Key, name, person.Place));
        return person;
    }

    private SamplePhoto Search(int group, Dictionary<string, SamplePerson> people, Dictionary<string, SamplePerson> strangers, CancellationToken cancellationToken)
    {
        var photo = Enumerable.Range(0, GroupTries).Select(attempt => Group(group, attempt, people, strangers, cancellationToken)).FirstOrDefault(p => p is not null)
            ?? throw new TrainerException($"None of {GroupTries} groups can be shown in one picture that keeps to the limits; try another --seed.");
        folder.Write(photo.Path, photo.Jpeg);
        folder.Progress.Add(new SampleProgress.Tried(-1 - group, string.Join(';', photo.Persons), null));
        return photo;
    }

    // A chance face of 60,000 is like a drawn one as a stranger may be: small steps that stay as probable lead away from all of them.
    private (SamplePerson Person, bool IsFree) MoveAway(Candidate candidate, CancellationToken cancellationToken)
    {
        var random = new GaussianRandom(options.Seed, 100_000 + candidate.Key);
        var proof = studio.Proof(candidate.Person);
        var room = IsSecondChance(candidate) ? 0 : options.Room;
        var (place, excess, stride) = (candidate.Person.Place, _rules.Excess(candidate.Face, "", []), new Stride(rho: 0.6f));
        for (var step = 0; step < options.Steps && excess > -room; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = sampler.Near(candidate.Kind, place, random, options.Distinctness, stride.Rho);
            var nextExcess = Look(proof(next)) is { } face ? _rules.Excess(face, "", [], excess) : float.PositiveInfinity;
            if (stride.Improves(nextExcess, excess))
            {
                (place, excess) = (next, nextExcess);
            }
        }

        log($"candidate {candidate.Number}: {(excess > -room ? $"given up, {excess + room:F3} too near" : "unlike all")}");
        return (candidate.Person with { Place = place }, excess <= -room);
    }

    private JudgedFace? Look(byte[] jpeg) => judge(jpeg) is [{ Passes: true } face] ? face : null;

    private List<(byte[] Jpeg, JudgedFace Face)>? Portraits(SamplePerson person, string name, int count, CancellationToken cancellationToken)
    {
        var photos = new List<(byte[] Jpeg, JudgedFace Face)>();
        for (var take = 0; photos.Count < count; take++)
        {
            if (take == count + 3)
            {
                return null;
            }

            var shoot = studio.Portrait(person, take);
            var random = new GaussianRandom(person.Seed, 2000 + take);
            var strength = Strengths[take % Strengths.Length];
            var deviation = sampler.Deviation(random, strength);
            (byte[] Jpeg, JudgedFace Face)? best = null;
            var (excess, stride) = (float.PositiveInfinity, new Stride(rho: 0.5f));
            for (var step = 0; step < options.PhotoSteps && excess > 0; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var next = step == 0 ? deviation : sampler.NearDeviation(deviation, random, strength, stride.Rho, Plainer);
                var jpeg = shoot(next);
                if (Look(jpeg) is { } face
                    && _rules.Excess(face, name, [.. photos.Select(p => p.Face)], excess) is var nextExcess
                    && stride.Improves(nextExcess, excess))
                {
                    (deviation, excess, best) = (next, nextExcess, (jpeg, face));
                }
            }

            if (excess <= 0)
            {
                photos.Add(best!.Value);
            }
            else
            {
                log($"{name}: a photo is {excess:F3} beyond the limits");
            }
        }

        return photos;
    }

    // All deviate together, but each takes its own steps.
    private SamplePhoto? Group(int group, int attempt, Dictionary<string, SamplePerson> people, Dictionary<string, SamplePerson> strangers, CancellationToken cancellationToken)
    {
        var random = new GaussianRandom(options.Seed, 5000 + (group * GroupTries) + attempt);
        var names = people.Keys.Order(StringComparer.Ordinal).Where((_, i) => i % options.Groups == group).Skip(attempt).Take(GroupSize - 1).ToList();
        names.Insert(random.Below(names.Count + 1), strangers.Keys.Order(StringComparer.Ordinal).ElementAt(((group * GroupTries) + attempt) % strangers.Count));
        var shoot = studio.Group([.. names.Select(n => people.GetValueOrDefault(n) ?? strangers[n])], (options.Seed * 977) + (group * GroupTries) + attempt);
        var deviations = names.Select(_ => sampler.Deviation(random, Strengths[0])).ToArray();
        var excesses = Enumerable.Repeat(float.PositiveInfinity, names.Count).ToArray();
        var strides = names.Select(_ => new Stride(rho: 0.5f)).ToArray();
        for (var step = 0; step < GroupSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = deviations.Select((d, i) => excesses[i] <= 0 || step == 0 ? d : sampler.NearDeviation(d, random, Strengths[0], strides[i].Rho, Plainer)).ToArray();
            var jpeg = shoot(next);
            var faces = judge(jpeg);
            if (faces.Count != names.Count || !faces.All(f => f.Passes))
            {
                continue;
            }

            var now = faces.Select((face, i) => _rules.Excess(face, names[i], [])).ToArray();
            if (now.All(excess => excess <= 0))
            {
                return new SamplePhoto($"groups/group-{group + 1}.jpg", jpeg, names, faces);
            }

            for (var i = 0; i < names.Count; i++)
            {
                if (strides[i].Improves(now[i], excesses[i]))
                {
                    (deviations[i], excesses[i]) = (next[i], now[i]);
                }
            }
        }

        log($"no picture of {string.Join(", ", names)} together keeps to the limits: {string.Join(", ", excesses.Select(e => e.ToString("F3", CultureInfo.InvariantCulture)))} beyond");
        return null;
    }

    private void Take(SamplePhoto photo)
    {
        _photos.Add(photo);
        foreach (var (face, person) in photo.Faces.Zip(photo.Persons))
        {
            _rules.Take(face, person);
        }
    }

    /// <param name="Number">Of the drawing.</param>
    /// <param name="Key">Of the try: the number, and more by the number of all candidates at the second.</param>
    /// <param name="Kind">Who look alike.</param>
    /// <param name="Person">As drawn.</param>
    /// <param name="Face">As seen.</param>
    private sealed record Candidate(int Number, int Key, PersonKind Kind, SamplePerson Person, JudgedFace Face);
}
