namespace FaceCloud.Gallery.Tests.Store;

public enum Engine
{
    Sqlite,

    /// <summary>The server that FACECLOUD_TEST_POSTGRES names by connection string.</summary>
    Postgres,
}
