namespace FaceCloud.Onnx;

/// <summary>A tensor in a graph under construction: what a node gave, an input or a constant.</summary>
public readonly record struct Value(string Name);
