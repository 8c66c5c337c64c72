using FaceCloud.Trainer.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FaceCloud.Trainer.Losses;

/// <summary>
/// Additive angular margin (Deng et al. 2019, ArcFace): softmax over s·cos(θ + m) for the photo's own person and s·cos θ for all others,
/// θ being the angle between the embedding and the person's learned direction. Where θ + m would pass π the target is bent
/// (cos θ − m·sin m), so that the loss keeps falling with θ.
/// </summary>
public sealed class AngularMarginLoss : nn.Module<Tensor, Tensor, Tensor>
{
    public const float DefaultScale = 32;
    public const float DefaultMargin = 0.35f;

    private readonly Parameter _directions;
    private readonly float _scale;
    private readonly float _margin;

    public AngularMarginLoss(long persons, long dimension, float scale = DefaultScale, float margin = DefaultMargin)
        : base("angular")
    {
        (_scale, _margin) = (scale, margin);
        _directions = nn.Parameter(randn(persons, dimension) / Number.Of(Math.Sqrt(dimension)));
        register_parameter("directions", _directions);
    }

    /// <summary>One direction a person, not of unit length.</summary>
    public Tensor Directions => _directions;

    /// <param name="embeddings">float32[N,D], unit length.</param>
    /// <param name="persons">int64[N], all 0 or more.</param>
    public override Tensor forward(Tensor embeddings, Tensor persons)
    {
        var cosines = nn.functional.linear(embeddings, nn.functional.normalize(_directions, dim: 1));
        var own = cosines.gather(1, persons.unsqueeze(1)).clamp(Number.Of(-1 + 1e-6), Number.Of(1 - 1e-6));
        var sine = (Number.Of(1) - own.square()).sqrt();
        var turned = (own * Number.Of(Math.Cos(_margin))) - (sine * Number.Of(Math.Sin(_margin)));
        var target = where(own > Number.Of(-Math.Cos(_margin)), turned, own - Number.Of(_margin * Math.Sin(_margin)));
        return nn.functional.cross_entropy(cosines.scatter(1, persons.unsqueeze(1), target) * Number.Of(_scale), persons);
    }
}
