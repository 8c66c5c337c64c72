namespace FaceCloud.Trainer.Losses;

/// <summary>Which negatives a batch's triplets get (Schroff et al. 2015, section 3.2).</summary>
public enum TripletMining
{
    /// <summary>Any photo of somebody else. Soon satisfied by almost every triplet.</summary>
    Random,

    /// <summary>The nearest negative that is farther than the positive: wrong by less than the margin, and never a collapse.</summary>
    SemiHard,

    /// <summary>The nearest negative. Learns fastest, falls for wrong labels first.</summary>
    Hard,

    /// <summary>Every triplet of the batch.</summary>
    BatchAll,
}
