namespace FaceCloud.Trainer.Data;

/// <summary>Where aligned face photos come from: crop shards, or a folder per person.</summary>
public interface IFaceSource
{
    /// <summary>All photos; the place in the list is the photo's row.</summary>
    IReadOnlyList<FaceRecord> Faces { get; }

    /// <summary>Changes when the photos change; names the pixel cache.</summary>
    string Fingerprint { get; }

    /// <summary>Pairs of labels that stand for one person.</summary>
    IReadOnlyList<(string First, string Second)> SamePerson { get; }

    /// <summary>Rows whose label is probably wrong: they are trained on as photos of nobody in particular.</summary>
    IReadOnlySet<int> DoubtfulLabels { get; }

    /// <summary>The stored photos, each row once, in the order that is cheapest to read.</summary>
    IEnumerable<EncodedFace> Read();

    /// <summary>The 120×120×3 pixels of a stored photo; null where it cannot be read or shows no face. Safe for concurrent use.</summary>
    byte[]? Pixels(byte[] photo);
}
