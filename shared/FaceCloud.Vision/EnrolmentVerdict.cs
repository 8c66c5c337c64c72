using FaceCloud.Contracts;

namespace FaceCloud.Vision;

/// <summary>May the largest face of a photo become a template? The same answer for one photo and for a queue of them.</summary>
public sealed record EnrolmentVerdict
{
    /// <summary>The face to be encoded; null when the photo is refused.</summary>
    public AnalyzedFace? Face { get; private init; }

    /// <summary>NoFace or RejectedQuality; of no meaning when there is a <see cref="Face"/>.</summary>
    public EnrolOutcome Refusal { get; private init; }

    /// <summary>What speaks against it: the face's quality first, then that there are too many.</summary>
    public IReadOnlyList<QualityReason> Reasons { get; private init; } = [];

    /// <summary>For people; empty when there is a <see cref="Face"/>.</summary>
    public string Message { get; private init; } = "";

    /// <param name="photo">Analysed with <see cref="VisionOptions.EnrolmentGate"/>.</param>
    /// <param name="maxFaces">More faces than this in a photo leave it open whose it is.</param>
    public static EnrolmentVerdict Of(PhotoAnalysis photo, int maxFaces)
    {
        if (photo.Faces is not [var face, ..])
        {
            return new EnrolmentVerdict { Refusal = EnrolOutcome.NoFace, Reasons = [QualityReason.NoFace], Message = "The photo shows no face." };
        }

        var isCrowd = photo.FacesFound > maxFaces;
        IReadOnlyList<QualityReason> reasons = isCrowd ? [.. face.Quality.Reasons, QualityReason.ExceedsMaxFaces] : face.Quality.Reasons;
        return reasons.Count == 0
            ? new EnrolmentVerdict { Face = face }
            : new EnrolmentVerdict
            {
                Refusal = EnrolOutcome.RejectedQuality,
                Reasons = reasons,
                Message = isCrowd
                    ? $"The photo shows {photo.FacesFound} faces; {maxFaces} may be in it."
                    : "The face is not fit to be enrolled; see the reasons.",
            };
    }
}
