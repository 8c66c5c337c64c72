namespace FaceCloud.Ingestion.Tests.Store;

public enum Engine
{
    Sqlite,

    /// <summary>Needs FACECLOUD_TEST_POSTGRES: the connection string of a server on which databases may be made.</summary>
    Postgres,
}
