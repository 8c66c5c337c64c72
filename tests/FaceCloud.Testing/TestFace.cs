namespace FaceCloud.Testing;

/// <summary>
/// What a drawn face looks like; the test models know it too. Lengths are in pixels of the 112 x 112 crop.
/// A face is a board of tiles coloured by its seed, with a green disc on black where the nose is. No other pixel is
/// greener than red and blue together, so the detector finds the disc: its centre says where the face is, its area how large.
/// </summary>
internal static class TestFace
{
    public const double NoseX = 56.0252;
    public const double NoseY = 71.7366;
    public const double DiscDiameter = 14;
    public const double RingDiameter = 21;
    public const double BoxWidth = 76;
    public const double BoxHeight = 98;

    /// <summary>The box's centre lies that far above the nose.</summary>
    public const double BoxRise = 6;

    public const int TileSize = 14;

    /// <summary>Tiles in a row of the crop; a border of one more tile is drawn around them.</summary>
    public const int TilesPerRow = 8;

    /// <summary>Red and blue of a tile are one of these.</summary>
    public const int RedLow = 90;
    public const int RedHigh = 240;

    public const int GreenLow = 30;
    public const int GreenHigh = 150;

    /// <summary>ArcFace template: eyes, nose, mouth corners, left first.</summary>
    public static IReadOnlyList<(double X, double Y)> Landmarks { get; } =
    [
        (38.2946, 51.6963), (73.5318, 51.5014), (NoseX, NoseY), (41.5493, 92.3655), (70.7299, 92.2041),
    ];

    /// <summary>Whether the disc or its black ring lies on the tile: it looks the same for all seeds.</summary>
    public static bool IsUnderDisc(int column, int row) => column is 3 or 4 && row is 4 or 5;
}
