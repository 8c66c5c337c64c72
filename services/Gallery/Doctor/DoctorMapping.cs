using FaceCloud.Gallery.Grpc;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Doctor;

internal static class DoctorMapping
{
    private const int DefaultFindings = 100;
    private const int MaxFindings = 1000;
    private const int MaxFaces = 10_000_000;

    public static Examination ToExamination(V1.ExamineRequest request) => new()
    {
        Gallery = RequestChecks.Gallery(request.GalleryId),
        MaxFaces = request.MaxFaces == 0 ? null : RequestChecks.Count(request.MaxFaces, "max_faces", MaxFaces, 0),
        MaxFindings = RequestChecks.Count(request.MaxFindings, "max_findings", MaxFindings, DefaultFindings),
        MatchThreshold = request.HasMatchThreshold ? RequestChecks.Cosine(request.MatchThreshold, "match_threshold") : null,
        NameThreshold = request.HasNameThreshold ? RequestChecks.Cosine(request.NameThreshold, "name_threshold") : null,
    };

    public static V1.ExamineResponse ToProto(Findings findings, TimeSpan total) => new()
    {
        Mislabelled =
        {
            findings.Mislabelled.Listed.Select(face => new V1.MislabelledFace
            {
                FaceId = face.FaceId.ToString(),
                PersonId = face.PersonId,
                LikelyPersonId = face.LikelyPersonId,
                OwnSimilarity = face.OwnSimilarity,
                LikelySimilarity = face.LikelySimilarity,
            }),
        },
        Duplicates = { findings.Duplicates.Listed.Select(ToProto) },
        LookAlikes = { findings.LookAlikes.Listed.Select(ToProto) },
        WeakTemplates = { findings.WeakTemplates.Listed.Select(ToProto) },
        SinglePhotoPersons = { findings.SinglePhotoPersons.Listed },
        EmptyPersons = { findings.EmptyPersons.Listed },
        Counts = new V1.FindingCounts
        {
            Mislabelled = findings.Mislabelled.Count,
            Duplicates = findings.Duplicates.Count,
            LookAlikes = findings.LookAlikes.Count,
            WeakTemplates = findings.WeakTemplates.Count,
            SinglePhotoPersons = findings.SinglePhotoPersons.Count,
            EmptyPersons = findings.EmptyPersons.Count,
        },
        PersonsExamined = findings.PersonsExamined,
        FacesExamined = findings.FacesExamined,
        PersonsTotal = findings.Gallery.Persons,
        FacesTotal = findings.Gallery.Faces,
        MatchThreshold = ThresholdMapping.ToProto(findings.MatchThreshold),
        NameThreshold = ThresholdMapping.ToProto(findings.NameThreshold),
        EmbeddingContract = findings.Gallery.Gallery.EmbeddingContract,
        TotalMs = total.TotalMilliseconds,
    };

    private static V1.PersonPair ToProto(PersonPair pair) => new()
    {
        PersonId = pair.PersonId,
        OtherPersonId = pair.OtherPersonId,
        BestSimilarity = pair.BestSimilarity,
        MeanSimilarity = pair.MeanSimilarity,
        FaceId = pair.FaceId.ToString(),
        OtherFaceId = pair.OtherFaceId.ToString(),
    };

    private static V1.WeakTemplate ToProto(WeakTemplate template)
    {
        var proto = new V1.WeakTemplate
        {
            FaceId = template.FaceId.ToString(),
            PersonId = template.PersonId,
            Reasons = { template.Reasons.Select(reason => (V1.WeakReason)reason) },
            QualityScore = template.Quality,
        };
        if (template.OwnSimilarity is { } similarity)
        {
            proto.OwnSimilarity = similarity;
        }

        return proto;
    }
}
