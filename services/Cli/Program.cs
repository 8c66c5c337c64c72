using FaceCloud.Cli;
using FaceCloud.Cli.Output;

return await new FaceCloudApp(Terminal.OfProcess()).RunAsync(args);
