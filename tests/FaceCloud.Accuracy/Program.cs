using System.CommandLine;
using FaceCloud.Accuracy;
using FaceCloud.Accuracy.Cropping;
using FaceCloud.Client;
using FaceCloud.Protos.Gallery.V1;

var people = new Option<DirectoryInfo>("--people") { Required = true, Description = "Folder with a folder of photos per person." };
var strangers = new Option<DirectoryInfo?>("--strangers") { Description = "Folder with photos of persons who are not enrolled." };
var server = new Option<string>("--server") { DefaultValueFactory = _ => FaceCloudClientOptions.DefaultServer, Description = "gRPC address of Gallery or Standalone." };
var ingestion = new Option<string?>("--ingestion-server") { Description = "gRPC address of Ingestion, where it is another one." };
var photos = new Option<int>("--photos") { DefaultValueFactory = _ => 1, Description = "Photos of each person that are enrolled; the others are probes." };
var maxFaces = new Option<int>("--max-faces") { DefaultValueFactory = _ => 1, Description = "Faces that an enrolled photo may show; the largest is enrolled." };
var minQuality = new Option<float?>("--min-quality") { Description = "Quality score asked of enrolled faces, in place of the server's gate; 0 takes every face." };
var persons = new Option<int?>("--max-persons") { Description = "Only the first persons, by name of folder." };
var concurrency = new Option<int>("--concurrency") { DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Searches at a time." };
var output = new Option<FileInfo?>("--output") { Description = "File that also gets the result." };
var scoring = new Option<PersonScoring>("--scoring") { DefaultValueFactory = _ => PersonScoring.BestFace, Description = "How several photos of a person count." };
var title = new Option<string>("--title") { DefaultValueFactory = _ => "Identification accuracy", Description = "Heading of the result." };

var command = new RootCommand("Enrols the first photos of each person through the queue, identifies the others, calibrates the gallery on itself, identifies them again, and prints how often the answers are right.")
{
    people, strangers, server, ingestion, photos, maxFaces, minQuality, persons, concurrency, scoring, output, title,
};
command.SetAction(async (arguments, cancellationToken) =>
{
    var set = LabelledPhotos.Read(
        arguments.GetRequiredValue(people).FullName,
        arguments.GetValue(strangers)?.FullName,
        arguments.GetValue(photos),
        arguments.GetValue(persons));
    using var client = new FaceCloudClient(new FaceCloudClientOptions
    {
        Server = FaceCloudClientOptions.ParseServer(arguments.GetRequiredValue(server)),
        IngestionServer = arguments.GetValue(ingestion) is { } address ? FaceCloudClientOptions.ParseServer(address) : null,
        Deadline = TimeSpan.FromMinutes(1),
        PhotoDeadline = TimeSpan.FromMinutes(1),
    });

    var measurement = new Measurement(
        client,
        new JobOptions { MaxFaces = arguments.GetValue(maxFaces), MinQuality = arguments.GetValue(minQuality) },
        arguments.GetValue(concurrency),
        arguments.GetValue(scoring));
    var result = await measurement.RunAsync(set, cancellationToken);

    var report = Report.Write(arguments.GetRequiredValue(title), set, result);
    Console.Write(report);
    if (arguments.GetValue(output) is { } file)
    {
        await File.WriteAllTextAsync(file.FullName, report, cancellationToken);
    }

    return 0;
});
var croppingPeople = new Option<DirectoryInfo>("--people") { Required = true, Description = "Folder with a folder of photos per person." };
var models = new Option<DirectoryInfo?>("--models") { Description = "Folder of your models; default: the shipped ones." };
var cropping = new Command("cropping", "Shows what cropping to the face and aligning it are worth; needs no server.") { croppingPeople, models };
cropping.SetAction(async (arguments, cancellationToken) =>
{
    using var experiment = new CroppingExperiment(arguments.GetValue(models)?.FullName);
    Console.Write(await experiment.RunAsync(arguments.GetRequiredValue(croppingPeople).FullName, cancellationToken));
    return 0;
});
command.Subcommands.Add(cropping);
return await command.Parse(args).InvokeAsync();
