using FaceCloud.Trainer.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Training;

/// <summary>AdamW for all weights, or Muon for the convolutions and AdamW for the rest. Keeps its state in checkpoints.</summary>
public sealed class EncoderOptimiser : IDisposable
{
    private readonly AdamW _adam;
    private readonly Muon? _muon;
    private readonly IReadOnlyList<Parameter> _all;

    public EncoderOptimiser(EncoderNetwork network, nn.Module? losses, EncoderTrainingOptions options)
    {
        _all = [.. network.parameters().Concat(losses?.parameters() ?? [])];
        var convolutions = options.Optimiser == OptimiserKind.Muon ? network.modules().OfType<ConvolutionUnit>().Select(unit => (Parameter)unit.Weight).ToList() : [];
        _muon = convolutions.Count > 0 ? new Muon(convolutions, options.WeightDecay) : null;
        var taken = convolutions.Select(weights => weights.Handle).ToHashSet();
        var rest = _all.Where(parameter => !taken.Contains(parameter.Handle)).ToList();

        // Decay for the weights of convolutions and projections only: shrinking scales, shifts and slopes serves nothing.
        _adam = optim.AdamW(
            [
                new AdamW.ParamGroup(rest.Where(p => p.dim() > 1), options.LearningRate, weight_decay: options.WeightDecay),
                new AdamW.ParamGroup(rest.Where(p => p.dim() <= 1), options.LearningRate, weight_decay: 0),
            ],
            options.LearningRate,
            weight_decay: options.WeightDecay);
    }

    /// <summary>Follows the gradients of a loss.</summary>
    public void Step(Tensor loss, double rate)
    {
        foreach (var group in _adam.ParamGroups)
        {
            group.LearningRate = rate;
        }

        foreach (var parameter in _all)
        {
            parameter.grad?.zero_();
        }

        loss.backward();
        Uncollected.Run(() => _adam.step());
        _muon?.Step(rate);
    }

    public void Save(BinaryWriter writer)
    {
        _adam.save_state_dict(writer);
        _muon?.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        _adam.load_state_dict(reader);
        _muon?.Load(reader);
    }

    public void Dispose()
    {
        _adam.Dispose();
        _muon?.Dispose();
    }
}
