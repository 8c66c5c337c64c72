using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Losses;

/// <summary>1 − cos(student, teacher), averaged over the batch; both of unit length.</summary>
public static class DistillationLoss
{
    public static Tensor Compute(Tensor embeddings, Tensor teacher) => Number.Of(1) - (embeddings * teacher).sum(1).mean();
}
