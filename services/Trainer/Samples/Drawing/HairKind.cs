namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>How hair is worn.</summary>
public enum HairKind
{
    /// <summary>A few millimetres all over.</summary>
    Cropped,

    /// <summary>Short, combed to a side or up.</summary>
    Brushed,

    /// <summary>Short at the sides, none on top.</summary>
    Receding,

    /// <summary>From a parting down to the chin.</summary>
    Bob,

    /// <summary>From a parting down over the shoulders.</summary>
    Loose,

    /// <summary>Small curls all around.</summary>
    Curly,
}
