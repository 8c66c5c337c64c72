namespace FaceCloud.Gallery.Probes;

public sealed record PhotoInput(ReadOnlyMemory<byte> Photo) : ProbeInput;
