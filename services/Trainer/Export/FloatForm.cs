namespace FaceCloud.Trainer.Export;

/// <summary>float32 throughout.</summary>
public sealed class FloatForm : ConvolutionForm;
