namespace FaceCloud.Trainer.Data;

/// <summary>What a photo may be used for. A person is wholly in one of them.</summary>
public enum FaceSplit
{
    Train,
    Validation,
}
