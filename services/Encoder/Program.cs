using FaceCloud.Encoder;
using FaceCloud.Inference.Models;
using FaceCloud.ServiceDefaults;
using FaceCloud.ServiceDefaults.Messaging;

var builder = ServiceBuilder.Create(args);

builder.AddServiceDefaults();
builder.AddEndpoints(httpPort: 8084, grpcPort: 8085);
builder.AddMessaging(bus => bus.AddEncoderConsumers());
builder.AddEncoder();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapEncoder();

return await app.RunWithModelsAsync();
