using FaceCloud.Gallery;
using FaceCloud.Inference.Models;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Messaging;

var builder = ServiceBuilder.Create(args);

builder.AddServiceDefaults();
builder.AddEndpoints(httpPort: 8080, grpcPort: 8081);
builder.AddMessaging(bus => bus.AddGalleryConsumers());
builder.AddGallery();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapGallery();

return await app.RunWithModelsAsync();
