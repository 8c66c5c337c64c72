using System.Globalization;

namespace FaceCloud.Trainer.Detection;

/// <summary>How a detector does on labelled photos.</summary>
public sealed record DetectorScores
{
    /// <summary>Labelled faces of <see cref="DetectorEvaluation.SmallestFace"/> pixels and more.</summary>
    public required int Faces { get; init; }

    /// <summary>Of those, found with an overlap of 0.5 or more.</summary>
    public required int Found { get; init; }

    /// <summary>Of the found ones: mean distance of the five points over the distance of the eyes, median and nine tenths.</summary>
    public required double LandmarkMedian { get; init; }

    public required double LandmarkNineTenths { get; init; }

    /// <summary>Mean score of the found ones, and the score that a tenth of them stays under.</summary>
    public required double ScoreMean { get; init; }

    public required double ScoreTenth { get; init; }

    /// <summary>Photos with faces, and answers on them that are neither a labelled face nor an unsure region.</summary>
    public required int Photos { get; init; }

    public required int Unexplained { get; init; }

    /// <summary>Pictures without a face, and faces found on them.</summary>
    public required int FaceFree { get; init; }

    public required int FalseFaces { get; init; }

    /// <summary>Photos that could not be read.</summary>
    public required int Damaged { get; init; }

    public double Recall => Faces == 0 ? 0 : (double)Found / Faces;

    public double FalsePerHundred => FaceFree == 0 ? 0 : 100.0 * FalseFaces / FaceFree;

    public override string ToString()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"found {Found} of {Faces} faces ({Recall:P2}), landmarks {LandmarkMedian:P2} of the eye distance (median; nine tenths under {LandmarkNineTenths:P2}), score {ScoreMean:F2} (a tenth under {ScoreTenth:F2}); {FalseFaces} false faces on {FaceFree} face-free pictures, {Unexplained} more on {Photos} photos");
        return Damaged == 0 ? text : $"{text}; {Damaged} photos unreadable";
    }
}
