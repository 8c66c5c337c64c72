namespace FaceCloud.Gallery.Probes;

/// <summary>What a caller asks about: a <see cref="PhotoInput"/> or an <see cref="EmbeddingInput"/>.</summary>
public abstract record ProbeInput;
