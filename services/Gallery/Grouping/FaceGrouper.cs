using FaceCloud.Contracts.Failures;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;
using FaceCloud.Gallery.Store;
using FaceCloud.Inference.Encoding;
using FaceCloud.Numerics;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Grouping;

/// <summary>Puts unknown faces into groups of one person each; nobody needs to be enrolled.</summary>
public sealed class FaceGrouper(GalleryStore store, ProbeReader probes, IFaceEncoder encoder, IOptions<GroupingOptions> options, IOptions<GalleryOptions> gallery, TimeProvider time)
{
    // Photos analysed and encoded together: their crops are in memory until then.
    private const int Together = 64;

    /// <exception cref="FailureException">InvalidArgument, GalleryNotFound, ContractMismatch, ModelNotCalibrated, StoreUnavailable, Photo…, Embedding…, Encoder….</exception>
    public async Task<GroupAnswer> GroupAsync(GroupQuery query, CancellationToken cancellationToken)
    {
        var contract = await ContractAsync(query, cancellationToken);
        var model = await encoder.GetModelAsync(cancellationToken);
        if (query.EnrolledFaces)
        {
            ProbeReader.RequireContract(contract, model);
        }

        // Before the work: a threshold that cannot be had is said at once.
        var threshold = ThresholdPolicy.ForVerification(query.Wish, default, options.Value.MaxFalseAcceptRate, () => ModelCalibration.Of(model));

        var faces = new List<(FaceSource Source, float[] Embedding)>();
        var ungrouped = new List<FaceSource>();
        var times = new StageTimes();
        foreach (var items in query.Items.Chunk(Together))
        {
            times = times.With(await ReadAsync(query, items, model, faces, ungrouped, cancellationToken));
            RequireCount(faces.Count);
        }

        if (query.EnrolledFaces)
        {
            await foreach (var face in store.ReadVectorsAsync(query.Gallery!.Value, cancellationToken))
            {
                RequireCount(faces.Count + 1);
                faces.Add((new FaceSource { FaceId = face.FaceId, PersonId = face.PersonId }, face.Embedding));
            }
        }

        // The store has no order; ties between faces should end the same way every time.
        var ordered = faces.OrderBy(face => face.Source.FaceId ?? Guid.Empty).ToList();
        var started = time.GetTimestamp();
        var groups = await Task.Run(() => AverageLinkage.Group([.. ordered.Select(face => face.Embedding)], threshold.Value, cancellationToken), cancellationToken);
        return new GroupAnswer
        {
            Groups = [.. groups.Select(group => Group([.. group.Select(index => ordered[index])])).OrderByDescending(group => group.Faces.Count).ThenByDescending(group => group.Cohesion)],
            Ungrouped = ungrouped,
            Threshold = threshold,
            EmbeddingContract = model.EmbeddingContract,
            Times = times with { Searching = time.GetElapsedTime(started) },
        };
    }

    private async Task<string> ContractAsync(GroupQuery query, CancellationToken cancellationToken)
    {
        if (query.Gallery is not { } key)
        {
            RequireCount(query.Items.Count);
            return "";
        }

        var summary = await store.SummarizeGalleryAsync(key, cancellationToken) ?? throw GalleryStore.NoGallery(key);
        RequireCount(query.Items.Count + (query.EnrolledFaces ? summary.Faces : 0));
        return summary.Gallery.EmbeddingContract;
    }

    private async Task<StageTimes> ReadAsync(
        GroupQuery query,
        IReadOnlyList<(string Id, ProbeInput Input)> items,
        EncoderModel model,
        List<(FaceSource Source, float[] Embedding)> faces,
        List<FaceSource> ungrouped,
        CancellationToken cancellationToken)
    {
        var read = await probes.ReadAsync([.. items.Select(item => item.Input)], query.AllFaces ? gallery.Value.MaxFaces : 1, "", cancellationToken);
        if (read.Model.EmbeddingContract != model.EmbeddingContract)
        {
            throw new FailureException(FailureReason.EncoderUnavailable, "The encoder changed its model during the call; try again.");
        }

        foreach (var (item, reading) in items.Zip(read.Readings))
        {
            if (reading.Faces.Count == 0)
            {
                ungrouped.Add(new FaceSource { ItemId = item.Id, Reading = reading });
            }

            for (var index = 0; index < reading.Faces.Count; index++)
            {
                var source = new FaceSource { ItemId = item.Id, Index = index, Face = reading.Faces[index], Reading = reading };
                if (reading.Faces[index].Embedding is { } embedding)
                {
                    faces.Add((source, embedding));
                }
                else
                {
                    ungrouped.Add(source);
                }
            }
        }

        return read.Times;
    }

    private void RequireCount(long faces)
    {
        if (faces > options.Value.MaxFaces)
        {
            throw new FailureException(
                FailureReason.InvalidArgument, $"More than {options.Value.MaxFaces} faces cannot be put into groups in one call; send fewer, or raise Grouping:MaxFaces.");
        }
    }

    // Of unit vectors the cosines to all others add up to the dot product with the sum, less the 1 with oneself.
    private static FaceGroup Group(IReadOnlyList<(FaceSource Source, float[] Embedding)> faces)
    {
        if (faces.Count == 1)
        {
            return new FaceGroup([(faces[0].Source, 1)], 1);
        }

        var sum = new float[faces[0].Embedding.Length];
        foreach (var (_, embedding) in faces)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(sum, embedding, sum);
        }

        var typical = faces
            .Select(face => (face.Source, Similarity: Similarities.Held((Vectors.DotProduct(face.Embedding, sum) - 1) / (faces.Count - 1))))
            .OrderByDescending(face => face.Similarity)
            .ToList();
        return new FaceGroup(typical, typical.Average(face => face.Similarity));
    }
}
