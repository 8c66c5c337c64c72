namespace FaceCloud.Gallery.Index;

/// <summary>How an index differed from the store.</summary>
/// <param name="Faces">Faces of the store that were compared.</param>
/// <param name="Missing">In the store, not in the index.</param>
/// <param name="Extra">In the index, not in the store.</param>
/// <param name="Changed">In both, with another embedding or person.</param>
/// <param name="Damaged">In the store, but not to be read; not in any index.</param>
public readonly record struct Drift(long Faces, long Missing, long Extra, long Changed, long Damaged)
{
    /// <summary>Index and store agree; damaged faces are the store's own matter.</summary>
    public bool IsNone => Missing == 0 && Extra == 0 && Changed == 0;

    public static Drift operator +(Drift one, Drift other) =>
        new(one.Faces + other.Faces, one.Missing + other.Missing, one.Extra + other.Extra, one.Changed + other.Changed, one.Damaged + other.Damaged);
}
