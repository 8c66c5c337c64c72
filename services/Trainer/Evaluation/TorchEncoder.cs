using FaceCloud.Trainer.Networks;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Evaluation;

/// <summary>A network in training, as <see cref="PairEvaluation"/> wants it.</summary>
public sealed class TorchEncoder(EncoderNetwork network)
{
    /// <summary>See <see cref="PairEvaluation.Run"/>. Leaves the network in evaluation mode.</summary>
    public float[] Encode(float[] photos, int count)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        network.eval();
        return network.call(PhotoTensor.From(photos, count)).contiguous().data<float>().ToArray();
    }
}
