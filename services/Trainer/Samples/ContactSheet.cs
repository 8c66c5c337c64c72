using NetVips;

namespace FaceCloud.Trainer.Samples;

/// <summary>All pictures on one, to look at.</summary>
public static class ContactSheet
{
    private const int Across = 8;
    private const int CellWidth = 200;
    private const int CellHeight = 240;

    public static byte[] Jpeg(IEnumerable<byte[]> photos)
    {
        var cells = photos.Select(photo => Image.ThumbnailBuffer(photo, CellWidth, height: CellHeight).Gravity(Enums.CompassDirection.Centre, CellWidth, CellHeight)).ToArray();
        try
        {
            using var sheet = Image.Arrayjoin(cells, Across);
            return sheet.JpegsaveBuffer(q: 85, keep: Enums.ForeignKeep.None);
        }
        finally
        {
            foreach (var cell in cells)
            {
                cell.Dispose();
            }
        }
    }
}
