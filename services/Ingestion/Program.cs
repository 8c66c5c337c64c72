using System.Diagnostics;
using FaceCloud.Inference.Models;
using FaceCloud.Ingestion;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Messaging;

var builder = ServiceBuilder.Create(args);

// Before there are other threads: on Linux a thread has the priority of the one that started it.
if (builder.Configuration.GetValue($"{IngestionOptions.SectionName}:{nameof(IngestionOptions.BelowNormalPriority)}", new IngestionOptions().BelowNormalPriority))
{
    Process.GetCurrentProcess().PriorityClass = ProcessPriorityClass.BelowNormal;
}

builder.AddServiceDefaults();
builder.AddEndpoints(httpPort: 8082, grpcPort: 8083);
builder.AddMessaging(bus => bus.AddIngestionConsumers());
builder.AddIngestion();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapIngestion();

return await app.RunWithModelsAsync();
