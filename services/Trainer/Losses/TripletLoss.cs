using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Losses;

/// <summary>
/// L = max(‖f(A) − f(P)‖² − ‖f(A) − f(N)‖² + α, 0) on unit-length embeddings (Schroff et al. 2015, eq. 3), averaged over the triplets of
/// the batch; with <see cref="TripletMining.BatchAll"/> over those that are not yet satisfied, or the many idle ones would hide them.
/// </summary>
public sealed class TripletLoss(TripletMining mining, float margin = TripletLoss.DefaultMargin)
{
    /// <summary>α of the paper.</summary>
    public const float DefaultMargin = 0.2f;

    /// <param name="embeddings">float32[N,D], unit length.</param>
    /// <param name="persons">Person of each row, −1 for nobody.</param>
    /// <param name="random">For random mining.</param>
    public TripletLossResult Compute(Tensor embeddings, ReadOnlySpan<int> persons, SmallRandom random)
    {
        var triplets = TripletMiner.Mine(SquaredDistances(embeddings), persons, mining, random);
        if (triplets.Count == 0)
        {
            // Still a part of the graph, so that a batch without a pair is no special case for the caller.
            return new TripletLossResult(embeddings.sum() * Number.Of(0), 0, 0);
        }

        var losses = PerTriplet(embeddings, triplets, margin);
        var active = (losses > Number.Of(0)).sum().item<long>();
        var divisor = mining == TripletMining.BatchAll ? Math.Max(1, active) : triplets.Count;
        return new TripletLossResult(losses.sum() / Number.Of(divisor), triplets.Count, active);
    }

    /// <summary>The loss of each triplet, float32[T].</summary>
    public static Tensor PerTriplet(Tensor embeddings, Triplets triplets, float margin)
    {
        var anchors = Rows(triplets.Anchors);
        var positive = (anchors - Rows(triplets.Positives)).square().sum(1);
        var negative = (anchors - Rows(triplets.Negatives)).square().sum(1);
        return (positive - negative + Number.Of(margin)).clamp_min(Number.Of(0));

        Tensor Rows(int[] places) => embeddings.index_select(0, tensor(Array.ConvertAll(places, p => (long)p)));
    }

    private static float[] SquaredDistances(Tensor embeddings)
    {
        using var guard = no_grad();
        // 2 − 2cos, which is ‖a − b‖² at unit length.
        var cosines = embeddings.detach().mm(embeddings.detach().t());
        return (Number.Of(2) - (cosines * Number.Of(2))).contiguous().data<float>().ToArray();
    }
}
