using FaceCloud.Protos.Gallery.V1;
using Grpc.Core;

namespace FaceCloud.Client.Tests.Testing;

/// <summary>Always the same findings, or none.</summary>
internal sealed class FakeDoctor(FakeGallery gallery) : DoctorService.DoctorServiceBase
{
    public bool FindsNothing { get; set; }

    public ExamineRequest? LastExamine { get; private set; }

    public override async Task<ExamineResponse> Examine(ExamineRequest request, ServerCallContext context)
    {
        LastExamine = request;
        await gallery.GetGallery(new GetGalleryRequest { GalleryId = request.GalleryId }, context);
        var answer = new ExamineResponse
        {
            Counts = new FindingCounts(),
            FacesExamined = 2,
            FacesTotal = 2,
            PersonsExamined = 2,
            PersonsTotal = 3,
            MatchThreshold = new Threshold { Value = 0.37f, Source = ThresholdSource.ModelCalibration, FalseAcceptRate = 1e-3 },
            NameThreshold = new Threshold { Value = 0.45f, Source = ThresholdSource.ModelCalibration, FalsePositiveRate = 1e-2, GallerySize = 2 },
            EmbeddingContract = "fake:000000000000",
            TotalMs = 12,
        };
        if (FindsNothing)
        {
            return answer;
        }

        answer.Counts = new FindingCounts { Mislabelled = 1, Duplicates = 1, WeakTemplates = 1, SinglePhotoPersons = 2, EmptyPersons = 1 };
        answer.Mislabelled.Add(new MislabelledFace { FaceId = "face-1", PersonId = "ada", LikelyPersonId = "grace", OwnSimilarity = 0.1f, LikelySimilarity = 0.6f });
        answer.Duplicates.Add(new PersonPair { PersonId = "ada", OtherPersonId = "ada 2", BestSimilarity = 0.8f, MeanSimilarity = 0.6f, FaceId = "face-1", OtherFaceId = "face-9" });
        answer.WeakTemplates.Add(new WeakTemplate { FaceId = "face-2", PersonId = "grace", QualityScore = 0.2f, Reasons = { WeakReason.LowQuality } });
        answer.SinglePhotoPersons.Add(["ada", "grace"]);
        answer.EmptyPersons.Add("eve");
        return answer;
    }
}
