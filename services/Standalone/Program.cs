using FaceCloud.Encoder;
using FaceCloud.Gallery;
using FaceCloud.Ingestion;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddEndpoints(httpPort: 8080, grpcPort: 8081);
builder.AddMessaging(
    bus =>
    {
        bus.AddIngestionConsumers();
        bus.AddEncoderConsumers();
        bus.AddGalleryConsumers();
    },
    defaultTransport: MessagingTransport.InMemory);
builder.AddEncoder();
builder.AddGallery();
builder.AddIngestion();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapEncoder();
app.MapGallery();
app.MapIngestion();

await app.RunAsync();
