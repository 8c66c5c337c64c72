namespace FaceCloud.Cli.Manifests;

/// <summary>How a line becomes a row.</summary>
internal interface IManifestFormat
{
    /// <summary>Null: a line that holds no row, such as a header.</summary>
    /// <exception cref="ManifestException">The line is no row.</exception>
    /// <exception cref="InputException">The manifest as a whole is of no use.</exception>
    ManifestRow? Read(long number, string line);
}
