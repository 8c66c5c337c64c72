namespace FaceCloud.Onnx;

/// <summary>How large constants lie in the file. Arithmetic is float32 either way.</summary>
public enum WeightStorage
{
    /// <summary>float32.</summary>
    Full,

    /// <summary>Rounded to float16 and widened when the model is loaded: half the file, a relative error of at most 2⁻¹¹ a weight.</summary>
    Half,
}
