using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Doctor;

/// <summary>What one examination has found so far, and the rules by which it is something to look at.</summary>
internal sealed class Diagnosis(int maxFindings, Threshold match, Threshold name, float sameOnAverage, DoctorOptions options)
{
    // A gallery in which everybody looks like everybody must not fill the memory.
    private const int MaxKept = 100_000;

    private readonly HashSet<(string Person, string Other)> _pairs = [];
    private readonly Dictionary<Guid, MislabelledFace> _mislabelled = [];
    private readonly HashSet<(string Person, string Other)> _samePerson = [];
    private readonly Worst<PersonPair> _duplicates = new(maxFindings, pair => pair.MeanSimilarity);
    private readonly Worst<PersonPair> _lookAlikes = new(maxFindings, pair => pair.BestSimilarity);
    private readonly Worst<WeakTemplate> _weak = new(maxFindings, template => -Math.Min(template.Quality, template.OwnSimilarity ?? 1));
    private readonly List<string> _single = [];
    private readonly List<string> _empty = [];
    private long _singleCount;
    private long _emptyCount;
    private long _persons;
    private long _faces;

    /// <summary>Persons of whom a face is near enough to a face of the other to be named as them; the lower id first.</summary>
    public IEnumerable<(string Person, string Other)> Pairs => _pairs;

    /// <summary>Whether this may be the likeness of a face to its true person.</summary>
    public bool IsNear(float similarity) => match.IsMet(similarity) || name.IsMet(similarity);

    /// <summary>On average it would not match the other faces of its person; of these the others' faces are looked at.</summary>
    public bool IsUnlikeItsOwn(ExaminedFace examined) => examined.Own.Faces.Count > 1 && !match.IsMet(examined.Own.MeanOfOwn(examined.Face));

    public bool IsMislabelled(Guid faceId) => _mislabelled.ContainsKey(faceId);

    public void CountPhotos(PersonSummary person)
    {
        if (person.Faces == 1)
        {
            Add(_single, ref _singleCount);
        }
        else if (person.Faces == 0)
        {
            Add(_empty, ref _emptyCount);
        }

        void Add(List<string> persons, ref long count)
        {
            count++;
            if (persons.Count < maxFindings)
            {
                persons.Add(person.Person.PersonId);
            }
        }
    }

    public void CountExamined(int persons, int faces)
    {
        _persons += persons;
        _faces += faces;
    }

    /// <summary>
    /// One face. Mislabelled: on average it would not match the others of its own person, and another person's faces are on average more
    /// like it: at all, where Identify would name that person, and clearly, where it would only match. The averages matter: a single wrong
    /// face among another person's would else make all right faces of its true person look wrong. The second way matters the more
    /// persons there are: Identify's threshold rises with them until it names only the clearest.
    /// </summary>
    /// <param name="examined">The face.</param>
    /// <param name="others">Templates of the persons near to it, as far as they are still there; needed where it is unlike its own.</param>
    public void Take(ExaminedFace examined, Dictionary<string, PersonTemplates> others)
    {
        var (face, own) = (examined.Face, examined.Own);
        foreach (var other in examined.Others.Where(other => name.IsMet(other.Similarity) && _pairs.Count < MaxKept))
        {
            _pairs.Add(Pair(face.PersonId, other.PersonId));
        }

        if (IsUnlikeItsOwn(examined) && _mislabelled.Count < MaxKept && own.MeanOfOwn(face) is var ownMean && Likely(examined, ownMean, others) is { } likely)
        {
            _mislabelled.Add(face.FaceId, new MislabelledFace(face.FaceId, face.PersonId, likely.Person, ownMean, likely.Mean));
            return;
        }

        var nearest = own.NearestOwn(face);
        var isFar = nearest is { } similarity && !match.IsMet(similarity);
        var isPoor = examined.Quality < options.LowQuality;
        if (isFar || isPoor)
        {
            WeakReason[] reasons = [.. isPoor ? [WeakReason.LowQuality] : Array.Empty<WeakReason>(), .. isFar ? [WeakReason.FarFromOwn] : Array.Empty<WeakReason>()];
            _weak.Add(new WeakTemplate(face.FaceId, face.PersonId, reasons, examined.Quality, nearest));
        }
    }

    /// <summary>
    /// One pair without its mislabelled faces. Duplicate: Identify would name one as the other, and on average their faces are as alike as
    /// those that Group puts together.
    /// Else, when the best faces are still near enough to be named, look-alikes.
    /// </summary>
    public void Compare(PersonPair pair)
    {
        if (!name.IsMet(pair.BestSimilarity))
        {
            return;
        }

        if (pair.MeanSimilarity >= sameOnAverage)
        {
            _samePerson.Add((pair.PersonId, pair.OtherPersonId));
            _duplicates.Add(pair);
        }
        else
        {
            _lookAlikes.Add(pair);
        }
    }

    /// <summary>After the last pair.</summary>
    public Findings ToFindings(GallerySummary gallery)
    {
        // Of one person under two names no face has the wrong one.
        var mislabelled = new Worst<MislabelledFace>(maxFindings, face => face.LikelySimilarity - face.OwnSimilarity);
        foreach (var face in _mislabelled.Values.Where(face => !_samePerson.Contains(Pair(face.PersonId, face.LikelyPersonId))))
        {
            mislabelled.Add(face);
        }

        return new Findings
        {
            Mislabelled = mislabelled.ToFinding(),
            Duplicates = _duplicates.ToFinding(),
            LookAlikes = _lookAlikes.ToFinding(),
            WeakTemplates = _weak.ToFinding(),
            SinglePhotoPersons = new Finding<string>(_singleCount, _single),
            EmptyPersons = new Finding<string>(_emptyCount, _empty),
            PersonsExamined = _persons,
            FacesExamined = _faces,
            Gallery = gallery,
            MatchThreshold = match,
            NameThreshold = name,
        };
    }

    private (string Person, float Mean)? Likely(ExaminedFace examined, float ownMean, Dictionary<string, PersonTemplates> others)
    {
        (string Person, float Mean)? best = null;
        foreach (var other in examined.Others)
        {
            if (others.TryGetValue(other.PersonId, out var templates) && templates.MeanOf(examined.Face) is var mean && mean > ownMean
                && (name.IsMet(other.Similarity) || mean >= ownMean + options.MislabelledMargin) && !(mean <= best?.Mean))
            {
                best = (other.PersonId, mean);
            }
        }

        return best;
    }

    private static (string Person, string Other) Pair(string one, string other) => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
}
