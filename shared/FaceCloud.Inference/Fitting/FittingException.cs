namespace FaceCloud.Inference.Fitting;

/// <summary>What was given does not allow a fit; the message is a whole sentence.</summary>
public sealed class FittingException(string message) : Exception(message);
