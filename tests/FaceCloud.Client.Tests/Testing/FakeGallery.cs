using System.Globalization;
using FaceCloud.Contracts.Failures;
using FaceCloud.Protos.Gallery.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>Galleries and persons in memory; a face matches a person of its name.</summary>
internal sealed class FakeGallery : GalleryService.GalleryServiceBase
{
    private static readonly Timestamp Now = new() { Seconds = 1_750_000_000 };

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, V1.Gallery> _galleries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Gallery, string Person), Person> _persons = [];
    private readonly List<Face> _faces = [];
    private readonly List<Calibration> _calibrations = [];
    private int _active;

    public VerifyRequest? LastVerify { get; private set; }

    public IdentifyRequest? LastIdentify { get; private set; }

    public EnrollFaceRequest? LastEnroll { get; private set; }

    public DetectRequest? LastDetect { get; private set; }

    public UpdateGalleryRequest? LastUpdate { get; private set; }

    public CalibrateGalleryRequest? LastCalibrate { get; private set; }

    public bool Has(string galleryId)
    {
        lock (_lock)
        {
            return _galleries.ContainsKey(galleryId);
        }
    }

    /// <summary>A gallery with a face of each person.</summary>
    public void Fill(string galleryId, params string[] persons)
    {
        lock (_lock)
        {
            _galleries[galleryId] = new V1.Gallery { GalleryId = galleryId, Name = "Test", CreatedAt = Now, EmbeddingContract = "fake:000000000000" };
            foreach (var person in persons)
            {
                AddFace(galleryId, person, "");
            }
        }
    }

    /// <summary>A face of the person, as bulk enrolment adds it.</summary>
    public void Enrol(string galleryId, string personId)
    {
        lock (_lock)
        {
            AddFace(galleryId, personId, "");
        }
    }

    /// <summary>Ids of all galleries.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_lock)
            {
                return [.. _galleries.Keys];
            }
        }
    }

    public override Task<V1.Gallery> CreateGallery(CreateGalleryRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            if (_galleries.ContainsKey(request.GalleryId))
            {
                throw new FailureException(FailureReason.GalleryExists, $"There is a gallery '{request.GalleryId}' already.");
            }

            return Task.FromResult(_galleries[request.GalleryId] = new V1.Gallery
            {
                GalleryId = request.GalleryId,
                Name = request.Name,
                Settings = request.Settings,
                CreatedAt = Now,
            });
        }
    }

    public override Task<V1.Gallery> GetGallery(GetGalleryRequest request, ServerCallContext context) => Task.FromResult(Find(request.GalleryId));

    public override Task<V1.Gallery> UpdateGallery(UpdateGalleryRequest request, ServerCallContext context)
    {
        LastUpdate = request;
        var gallery = Find(request.GalleryId);
        gallery.Settings = request.Settings ?? gallery.Settings;
        return Task.FromResult(gallery);
    }

    public override Task<ListGalleriesResponse> ListGalleries(ListGalleriesRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            var (page, next) = Page(_galleries.Values, request.PageSize, request.PageToken);
            return Task.FromResult(new ListGalleriesResponse { Galleries = { page }, NextPageToken = next });
        }
    }

    public override Task<Empty> DeleteGallery(DeleteGalleryRequest request, ServerCallContext context)
    {
        Find(request.GalleryId);
        lock (_lock)
        {
            _galleries.Remove(request.GalleryId);
        }

        return Task.FromResult(new Empty());
    }

    public override Task<CalibrateGalleryResponse> CalibrateGallery(CalibrateGalleryRequest request, ServerCallContext context)
    {
        Find(request.GalleryId);
        LastCalibrate = request;
        lock (_lock)
        {
            if (_persons.Keys.All(key => key.Gallery != request.GalleryId))
            {
                throw new FailureException(FailureReason.CalibrationImpossible, "The gallery has 0 persons with a face.");
            }

            var calibration = new Calibration
            {
                Version = request.DryRun ? 0 : _calibrations.Count + 1,
                State = request.DryRun || request.KeepInactive ? CalibrationState.Inactive : CalibrationState.Active,
                EmbeddingContract = "fake:000000000000",
                Scoring = PersonScoring.BestFace,
                CreatedAt = Now,
                Persons = 60,
                PersonsOfGallery = 60,
                Faces = 180,
                GenuinePersons = 60,
                GenuineComparisons = 180,
                ImpostorComparisons = 10_620,
                Rates =
                {
                    new CalibrationRate
                    {
                        FalseAcceptRate = 0.01, Threshold = 0.345f, ThresholdInterval = new Interval { Low = 0.31, High = 0.38 },
                        TrueAcceptRate = 0.93, TrueAcceptInterval = new Interval { Low = 0.9, High = 0.95 }, FalseAccepts = 106, PersonPairs = 42,
                    },
                    new CalibrationRate { FalseAcceptRate = 0.0001, Threshold = 0.5f, FalseAccepts = 1, PersonPairs = 1, Refusal = "not enough impostor pairs: of 10,620" },
                },
                HeadNote = "No head: it takes 20 persons with two faces or more, and there are 3.",
            };
            if (!request.DryRun)
            {
                _calibrations.Add(calibration);
                _active = request.KeepInactive ? _active : calibration.Version;
            }

            return Task.FromResult(new CalibrateGalleryResponse
            {
                Calibration = calibration,
                VerifyThreshold = new Threshold { Value = 0.41f, Source = ThresholdSource.GalleryCalibration, FalseAcceptRate = 1e-3, CalibrationVersion = 1 },
                IdentifyThreshold = new Threshold { Value = 0.455f, Source = ThresholdSource.GalleryCalibration, FalsePositiveRate = 0.01, GallerySize = 60, CalibrationVersion = 1 },
                IdentifyThresholdOfModel = new Threshold { Value = 0.483f, Source = ThresholdSource.ModelCalibration, FalsePositiveRate = 0.01, GallerySize = 60 },
            });
        }
    }

    public override Task<ListCalibrationsResponse> ListCalibrations(ListCalibrationsRequest request, ServerCallContext context)
    {
        Find(request.GalleryId);
        lock (_lock)
        {
            return Task.FromResult(new ListCalibrationsResponse { Calibrations = { _calibrations.AsEnumerable().Reverse() }, ActiveVersion = _active });
        }
    }

    public override Task<ListCalibrationsResponse> RollbackCalibration(RollbackCalibrationRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            var version = request.HasVersion ? request.Version : _active - 1;
            _active = version >= 0 && version <= _calibrations.Count
                ? version
                : throw new FailureException(FailureReason.CalibrationNotFound, $"The gallery has no calibration {version}.");
        }

        return ListCalibrations(new ListCalibrationsRequest { GalleryId = request.GalleryId }, context);
    }

    public override Task<Person> UpsertPerson(UpsertPersonRequest request, ServerCallContext context)
    {
        Find(request.GalleryId);
        var person = new Person { GalleryId = request.GalleryId, PersonId = request.PersonId, Name = request.Name, ExternalId = request.ExternalId, CreatedAt = Now };
        person.Metadata.Add(request.Metadata);
        lock (_lock)
        {
            _persons[(request.GalleryId, request.PersonId)] = person;
        }

        return Task.FromResult(person);
    }

    public override Task<Person> GetPerson(GetPersonRequest request, ServerCallContext context) =>
        Task.FromResult(Find(request.GalleryId, request.PersonId));

    public override Task<ListPersonsResponse> ListPersons(ListPersonsRequest request, ServerCallContext context)
    {
        Find(request.GalleryId);
        lock (_lock)
        {
            var (page, next) = Page(_persons.Values.Where(person => person.GalleryId == request.GalleryId), request.PageSize, request.PageToken);
            return Task.FromResult(new ListPersonsResponse { Persons = { page }, NextPageToken = next });
        }
    }

    public override Task<Empty> DeletePerson(DeletePersonRequest request, ServerCallContext context)
    {
        Find(request.GalleryId, request.PersonId);
        lock (_lock)
        {
            _persons.Remove((request.GalleryId, request.PersonId));
        }

        return Task.FromResult(new Empty());
    }

    public override Task<EnrollFaceResponse> EnrollFace(EnrollFaceRequest request, ServerCallContext context)
    {
        LastEnroll = request;
        Find(request.GalleryId);
        var faces = FakePhoto.Faces(request.Photo);
        lock (_lock)
        {
            return Task.FromResult(faces.Length == 0
                ? new EnrollFaceResponse { Outcome = EnrolOutcome.NoFace }
                : new EnrollFaceResponse { Outcome = EnrolOutcome.Enrolled, Face = AddFace(request.GalleryId, request.PersonId, request.Name), FacesFound = 1 });
        }
    }

    public override Task<ListFacesResponse> ListFaces(ListFacesRequest request, ServerCallContext context)
    {
        Find(request.GalleryId);
        lock (_lock)
        {
            var faces = _faces.Where(face => face.GalleryId == request.GalleryId && (request.PersonId.Length == 0 || face.PersonId == request.PersonId));
            var (page, next) = Page(faces, request.PageSize, request.PageToken);
            return Task.FromResult(new ListFacesResponse { Faces = { page }, NextPageToken = next });
        }
    }

    public override Task<Empty> DeleteFace(DeleteFaceRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            return _faces.RemoveAll(face => face.GalleryId == request.GalleryId && face.FaceId == request.FaceId) > 0
                ? Task.FromResult(new Empty())
                : throw new FailureException(FailureReason.FaceNotFound, $"There is no face '{request.FaceId}'.");
        }
    }

    public override Task<VerifyResponse> Verify(VerifyRequest request, ServerCallContext context)
    {
        LastVerify = request;
        var reference = request.AgainstCase switch
        {
            VerifyRequest.AgainstOneofCase.PersonId => Find(request.GalleryId, request.PersonId).PersonId,
            VerifyRequest.AgainstOneofCase.Photo => FakePhoto.Faces(request.Photo).FirstOrDefault(),
            _ => "embedding",
        };
        var probe = request.Probe.SourceCase == Probe.SourceOneofCase.Photo ? FakePhoto.Faces(request.Probe.Photo).FirstOrDefault() : "embedding";
        var similarity = probe == reference ? 0.81f : 0.12f;
        var outcome = probe switch
        {
            null => VerifyOutcome.NoFace,
            FakePhoto.Blurry => VerifyOutcome.RejectedQuality,
            _ => probe == reference ? VerifyOutcome.Match : VerifyOutcome.NoMatch,
        };
        var response = new VerifyResponse
        {
            Outcome = outcome,
            Matched = outcome == VerifyOutcome.Match,
            Similarity = similarity,
            Distance = 2 - (2 * similarity),
            Threshold = Threshold(request.HasThreshold ? request.Threshold : null),
            EmbeddingContract = "fake:000000000000",
            Timings = new Timings { TotalMs = 4.5 },
        };
        if (outcome == VerifyOutcome.Match)
        {
            response.Probability = 0.97f;
        }

        if (probe is not (null or "embedding"))
        {
            response.ProbeFace = FakePhoto.Detected(probe);
            response.Reasons.AddRange(response.ProbeFace.Quality.Reasons);
        }

        return Task.FromResult(response);
    }

    public override Task<IdentifyResponse> Identify(IdentifyRequest request, ServerCallContext context)
    {
        LastIdentify = request;
        Find(request.GalleryId);
        var all = request.Probe.SourceCase == Probe.SourceOneofCase.Photo ? FakePhoto.Faces(request.Probe.Photo) : ["embedding"];
        var faces = request.Faces == FaceSelection.All ? all : all.Take(1);
        var response = new IdentifyResponse
        {
            Threshold = Threshold(request.HasThreshold ? request.Threshold : null),
            EmbeddingContract = "fake:000000000000",
            FacesFound = all.Length,
            Faces = { faces.Select(face => Identified(request, face)) },
        };
        response.Outcome = response.Faces.FirstOrDefault()?.Outcome ?? IdentifyOutcome.NoFace;
        return Task.FromResult(response);
    }

    public override Task<DetectResponse> Detect(DetectRequest request, ServerCallContext context)
    {
        LastDetect = request;
        var faces = FakePhoto.Faces(request.Photo);
        return Task.FromResult(new DetectResponse { FacesFound = faces.Length, PhotoWidth = 640, PhotoHeight = 480, Faces = { faces.Select(FakePhoto.Detected) } });
    }

    private IdentifiedFace Identified(IdentifyRequest request, string face)
    {
        var identified = new IdentifiedFace { Face = FakePhoto.Detected(face) };
        if (face == FakePhoto.Blurry)
        {
            identified.Outcome = IdentifyOutcome.RejectedQuality;
            identified.Reasons.Add(QualityReason.LowSharpness);
            return identified;
        }

        lock (_lock)
        {
            identified.Outcome = face == FakePhoto.Twins ? IdentifyOutcome.Ambiguous
                : _persons.ContainsKey((request.GalleryId, face)) ? IdentifyOutcome.Recognized : IdentifyOutcome.NotRecognized;
            identified.Candidates.AddRange(_persons.Values
                .Where(person => person.GalleryId == request.GalleryId)
                .Select(person => new Candidate
                {
                    PersonId = person.PersonId,
                    Name = person.Name,
                    Similarity = person.PersonId == face ? 0.81f : 0.12f,
                    AboveThreshold = person.PersonId == face,
                })
                .OrderByDescending(candidate => candidate.Similarity)
                .Where(candidate => candidate.AboveThreshold || request.IncludeBelowThreshold)
                .Take(request.MaxCandidates == 0 ? 5 : request.MaxCandidates));
        }

        return identified;
    }

    private static Threshold Threshold(float? given) => given is { } value
        ? new Threshold { Value = value, Source = ThresholdSource.Request }
        : new Threshold { Value = 0.417f, Source = ThresholdSource.ModelCalibration, FalseAcceptRate = 1e-3 };

    private Face AddFace(string galleryId, string personId, string name)
    {
        if (!_persons.TryGetValue((galleryId, personId), out var person))
        {
            _persons[(galleryId, personId)] = person = new Person { GalleryId = galleryId, PersonId = personId, Name = name, CreatedAt = Now };
        }

        person.FaceCount++;
        var face = new Face
        {
            FaceId = $"face-{_faces.Count + 1}",
            GalleryId = galleryId,
            PersonId = personId,
            Quality = FakePhoto.Detected(personId).Quality,
            CreatedAt = Now,
            EmbeddingContract = "fake:000000000000",
        };
        _faces.Add(face);
        return face;
    }

    private V1.Gallery Find(string galleryId)
    {
        lock (_lock)
        {
            return _galleries.GetValueOrDefault(galleryId)
                ?? throw new FailureException(FailureReason.GalleryNotFound, $"There is no gallery '{galleryId}'; create it first.");
        }
    }

    private Person Find(string galleryId, string personId)
    {
        Find(galleryId);
        lock (_lock)
        {
            return _persons.GetValueOrDefault((galleryId, personId))
                ?? throw new FailureException(FailureReason.PersonNotFound, $"There is no person '{personId}' in gallery '{galleryId}'.");
        }
    }

    private static (IEnumerable<T> Page, string Next) Page<T>(IEnumerable<T> all, int size, string token)
    {
        var start = token.Length == 0 ? 0 : int.Parse(token, CultureInfo.InvariantCulture);
        var rest = all.Skip(start).ToList();
        return (rest.Take(size), rest.Count > size ? $"{start + size}" : "");
    }
}
