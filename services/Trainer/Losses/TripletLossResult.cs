using static TorchSharp.torch;

namespace FaceCloud.Trainer.Losses;

/// <summary>A batch's triplet loss and how many of its triplets still teach anything.</summary>
public sealed record TripletLossResult(Tensor Loss, long Triplets, long Active)
{
    /// <summary>Share of the chosen triplets with a loss above zero; 0 where there were none.</summary>
    public double ActiveShare => Triplets == 0 ? 0 : (double)Active / Triplets;
}
