namespace FaceCloud.Gallery.Scoring;

/// <summary>How the similarities of a person's faces become one; the same words as the proto enum.</summary>
public enum PersonScoring
{
    /// <summary>The most alike face.</summary>
    BestFace = 1,

    /// <summary>The mean of the few most alike faces.</summary>
    MeanOfBest = 2,

    /// <summary>The cosine to the mean of all faces.</summary>
    Centroid = 3,
}
