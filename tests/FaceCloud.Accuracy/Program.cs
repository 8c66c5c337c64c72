using System.CommandLine;
using FaceCloud.Accuracy;
using FaceCloud.Accuracy.Cropping;
using FaceCloud.Accuracy.Doctoring;
using FaceCloud.Accuracy.Grouping;
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
var groupingCrops = new Option<DirectoryInfo?>("--crops") { Description = "Folder of training crops with their embeddings: compares methods and thresholds; needs no server." };
var groupingPeople = new Option<DirectoryInfo?>("--people") { Description = "Folder with a folder of photos per person: groups them through the server." };
var groupingServer = new Option<string>("--server") { DefaultValueFactory = _ => FaceCloudClientOptions.DefaultServer, Description = "gRPC address of Gallery or Standalone." };
var grouping = new Command("grouping", "How well unknown faces are put into groups of one person each.") { groupingCrops, groupingPeople, groupingServer };
grouping.SetAction(async (arguments, cancellationToken) =>
{
    if (arguments.GetValue(groupingCrops) is { } crops)
    {
        Console.Write(GroupingExperiment.Choose(crops.FullName));
    }

    if (arguments.GetValue(groupingPeople) is { } folder)
    {
        using var client = new FaceCloudClient(arguments.GetRequiredValue(groupingServer));
        Console.Write(await GroupingExperiment.MeasureAsync(client, folder.FullName, cancellationToken));
    }

    return 0;
});
command.Subcommands.Add(grouping);
var doctorPeople = new Option<DirectoryInfo>("--people") { Required = true, Description = "Folder with a folder of photos per person." };
var doctorPhotos = new Option<int>("--photos") { DefaultValueFactory = _ => 4, Description = "Photos of each person that are enrolled." };
var wrongLabels = new Option<int>("--wrong-labels") { DefaultValueFactory = _ => 20, Description = "Photos enrolled under another person's name." };
var doubles = new Option<int>("--doubles") { DefaultValueFactory = _ => 10, Description = "Persons half of whose photos are enrolled as somebody else." };
var doctorServer = new Option<string>("--server") { DefaultValueFactory = _ => FaceCloudClientOptions.DefaultServer, Description = "gRPC address of Gallery or Standalone." };
var doctor = new Command("doctor", "How many planted errors the doctor finds.") { doctorPeople, doctorPhotos, wrongLabels, doubles, doctorServer };
doctor.SetAction(async (arguments, cancellationToken) =>
{
    using var client = new FaceCloudClient(new FaceCloudClientOptions
    {
        Server = FaceCloudClientOptions.ParseServer(arguments.GetRequiredValue(doctorServer)),
        Deadline = TimeSpan.FromMinutes(1),
        PhotoDeadline = TimeSpan.FromMinutes(1),
    });
    var experiment = new DoctorExperiment(client, arguments.GetValue(wrongLabels), arguments.GetValue(doubles));
    Console.Write(await experiment.RunAsync(arguments.GetRequiredValue(doctorPeople).FullName, arguments.GetValue(doctorPhotos), cancellationToken));
    return 0;
});
command.Subcommands.Add(doctor);
return await command.Parse(args).InvokeAsync();
