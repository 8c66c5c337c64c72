namespace FaceCloud.Trainer.Losses;

/// <summary>Places in a batch: anchor, positive and negative of each triplet, side by side.</summary>
public sealed record Triplets(int[] Anchors, int[] Positives, int[] Negatives)
{
    public int Count => Anchors.Length;
}
