using System.Diagnostics;

namespace FaceCloud.Inference.Encoding;

/// <summary>A crop on its way through the batcher.</summary>
/// <param name="Pixels">byte[112*112*3].</param>
/// <param name="Origin">The trace it belongs to.</param>
internal readonly record struct EncoderCrop(ReadOnlyMemory<byte> Pixels, ActivityContext Origin);
