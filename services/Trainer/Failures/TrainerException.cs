namespace FaceCloud.Trainer.Failures;

/// <summary>Something the person at the keyboard can act on; the message is a whole sentence and is all they see.</summary>
public sealed class TrainerException(string message, Exception? innerException = null) : Exception(message, innerException);
