using FaceCloud.Trainer.Augmentation;
using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Evaluation;

/// <summary>A network in training, as <see cref="PairEvaluation"/> wants it.</summary>
/// <param name="network">The network.</param>
/// <param name="side">Side that photos are reduced to first: the one the network is being trained at.</param>
public sealed class TorchEncoder(EncoderNetwork network, int side = Augmenter.Side)
{
    /// <summary>See <see cref="PairEvaluation.Run"/>. Leaves the network in evaluation mode.</summary>
    public float[] Encode(float[] photos, int count)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        network.eval();
        return network.call(PhotoTensor.Reduce(PhotoTensor.From(photos, count), side)).contiguous().data<float>().ToArray();
    }
}
