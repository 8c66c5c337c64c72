using FaceCloud.AppHost;
using FaceCloud.Standalone;

if (args is ["demo", .. var demoArgs])
{
    return await Demo.RunAsync(demoArgs);
}

// Where the whole system will stand in one readable file: broker and stores first, then a paragraph for each service.
// Until Aspire is wired, the system is Standalone: the same three services, in this process.
Console.WriteLine("AppHost: Aspire is not wired yet; running Standalone (Ingestion, Encoder and Gallery in this process).");

return await StandaloneHost.RunAsync(args);
