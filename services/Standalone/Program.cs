using FaceCloud.Standalone;

return await StandaloneHost.RunAsync(args);
