using NetVips;

namespace FaceCloud.Vision.Decoding;

/// <summary>libvips as we want it in this process; set once, before the first photo.</summary>
internal static class VipsRuntime
{
    private static readonly string[] AllowedLoaders =
    [
        "VipsForeignLoadJpeg",
        "VipsForeignLoadPng",
        "VipsForeignLoadWebp",
        "VipsForeignLoadNsgif",
        "VipsForeignLoadTiff",
    ];

    private static readonly Lock Once = new();
    private static bool _ready;
    private static uint _silence;

    public static void Initialize()
    {
        lock (Once)
        {
            if (_ready)
            {
                return;
            }

            // First everything that can load, then back the five formats; what libvips calls
            // untrusted stays blocked even if it is one of them in some later version.
            Operation.Block("VipsForeignLoad", true);
            foreach (var loader in AllowedLoaders)
            {
                Operation.Block(loader, false);
            }

            NetVips.NetVips.BlockUntrusted = true;

            // No photo is seen twice, so a cache only holds memory.
            Cache.Max = 0;
            Cache.MaxMem = 0;
            Cache.MaxFiles = 0;

            // Parallelism comes from photos side by side (FaceAnalyzer's gate).
            NetVips.NetVips.Concurrency = 1;

            // libvips prints what it thinks of a damaged photo; the exception says the same to whom it concerns.
            _silence = Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Message, (_, _, _) => { });
            _ready = true;
        }
    }
}
