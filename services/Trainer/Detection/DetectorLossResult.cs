using static TorchSharp.torch;

namespace FaceCloud.Trainer.Detection;

/// <summary>The loss and its parts before they were weighted.</summary>
public sealed record DetectorLossResult(Tensor Total, Tensor Class, Tensor Fit, Tensor Box, Tensor Landmarks);
