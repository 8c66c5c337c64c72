namespace FaceCloud.Client;

/// <summary>What a server says of itself.</summary>
/// <param name="Server">Its address.</param>
/// <param name="IsServing">Broker, database, model and index answer.</param>
/// <param name="Status">SERVING, NOT_SERVING or UNKNOWN.</param>
/// <param name="RoundTrip">One health call on an open connection.</param>
public sealed record ServerHealth(Uri Server, bool IsServing, string Status, TimeSpan RoundTrip);
