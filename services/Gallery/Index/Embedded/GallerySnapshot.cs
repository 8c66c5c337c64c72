using System.Collections.Immutable;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>One state of a gallery; never changes.</summary>
/// <param name="Blocks">All but the last are full.</param>
/// <param name="Persons">Names by number; longer than there are persons.</param>
/// <param name="Size">Of what is not deleted.</param>
internal sealed record GallerySnapshot(ImmutableArray<BlockView> Blocks, string[] Persons, IndexSize Size)
{
    public static readonly GallerySnapshot Empty = new([], [], default);

    /// <summary>0 when there is no face.</summary>
    public int Dimension => Blocks.IsEmpty ? 0 : Blocks[0].Block.Dimension;
}
