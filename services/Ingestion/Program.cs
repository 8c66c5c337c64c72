using FaceCloud.Inference.Models;
using FaceCloud.Ingestion;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddEndpoints(httpPort: 8082, grpcPort: 8083);
builder.AddMessaging(bus => bus.AddIngestionConsumers());
builder.AddIngestion();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapIngestion();

return await app.RunWithModelsAsync();
