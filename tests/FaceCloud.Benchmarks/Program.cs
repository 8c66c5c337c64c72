using System.CommandLine;
using BenchmarkDotNet.Running;
using FaceCloud.Benchmarks.Bulk;
using FaceCloud.Benchmarks.Index;
using FaceCloud.Benchmarks.Whole;

var models = new Option<DirectoryInfo>("--models") { Required = true, Description = "Folder of the ONNX files." };
var photos = new Option<DirectoryInfo>("--photos") { Required = true, Description = "Folder with a folder of photos per person." };
var count = new Option<int>("--count") { DefaultValueFactory = _ => 480, Description = "Photos through the bulk path, at most." };
var verifications = new Option<int>("--verifications") { DefaultValueFactory = _ => 300, Description = "Verify calls, one after another." };
var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 8, Description = "How long each stage runs alone on all cores." };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "Times that all photos go through the bulk path; the middle one counts." };
var output = new Option<FileInfo?>("--output") { Description = "File that also gets the result." };

var whole = new Command("system", "The whole system against its raw stages, in one run on this machine.") { models, photos, count, verifications, seconds, rounds, output };
whole.SetAction(async (arguments, cancellationToken) =>
{
    var settings = new SystemSettings(
        arguments.GetRequiredValue(models).FullName,
        arguments.GetValue(count),
        arguments.GetValue(verifications),
        TimeSpan.FromSeconds(arguments.GetValue(seconds)),
        arguments.GetValue(rounds));
    var set = PhotoSet.Read(arguments.GetRequiredValue(photos).FullName, settings.Photos);
    var report = await SystemBenchmark.RunAsync(settings, set, cancellationToken);
    return await SayAsync(report, arguments.GetValue(output), cancellationToken);
});

var workers = new Option<int[]>("--workers") { DefaultValueFactory = _ => [1, 2, 4], AllowMultipleArgumentsPerToken = true, Description = "Ingestion and Encoder processes, one measurement each." };
var items = new Option<int>("--items") { DefaultValueFactory = _ => 20_000, Description = "Photos of the job over which memory is watched; 0 leaves that out." };
var crops = new Option<int>("--crops") { DefaultValueFactory = _ => 3000, Description = "Faces through the encoder's queue." };
var bulk = new Command("bulk", "Bulk enrolment in separate processes over RabbitMQ and PostgreSQL.") { models, photos, count, workers, verifications, seconds, crops, items, output };
bulk.SetAction(async (arguments, cancellationToken) =>
{
    var settings = new BulkSettings(
        arguments.GetRequiredValue(models).FullName,
        arguments.GetValue(count),
        arguments.GetRequiredValue(workers),
        TimeSpan.FromSeconds(arguments.GetValue(seconds)),
        arguments.GetValue(verifications),
        arguments.GetValue(crops),
        arguments.GetValue(items));
    var set = PhotoSet.Read(arguments.GetRequiredValue(photos).FullName, settings.Photos);
    var command = FormattableString.Invariant(
        $"dotnet run -c Release --project tests/FaceCloud.Benchmarks -- bulk --models … --photos … --count {settings.Photos} --workers {string.Join(' ', settings.Workers)} --verifications {settings.Verifications} --seconds {settings.StageTime.TotalSeconds} --crops {settings.Crops} --items {settings.Items}");
    var report = await BulkBenchmark.RunAsync(settings, set, command, cancellationToken);
    return await SayAsync(report, arguments.GetValue(output), cancellationToken);
});

var core = new Option<int>("--core") { Required = true, Description = "Number of the core that the encoder has to itself; start the benchmark with taskset on the others." };
var ownCore = new Command("own-core", "Bulk enrolment with a heavy encoder on a core of its own: how busy is it kept?") { models, photos, count, seconds, core, output };
ownCore.SetAction(async (arguments, cancellationToken) =>
{
    var settings = new BulkSettings(
        arguments.GetRequiredValue(models).FullName,
        arguments.GetValue(count),
        [1],
        TimeSpan.FromSeconds(arguments.GetValue(seconds)),
        Verifications: 0,
        Crops: 0,
        Items: 0);
    var set = PhotoSet.Read(arguments.GetRequiredValue(photos).FullName, settings.Photos);
    var command = FormattableString.Invariant(
        $"taskset -c … dotnet run -c Release --project tests/FaceCloud.Benchmarks -- own-core --models … --photos … --count {settings.Photos} --core {arguments.GetRequiredValue(core)} --seconds {settings.StageTime.TotalSeconds}");
    var report = await OwnCoreBenchmark.RunAsync(settings, set, command, arguments.GetRequiredValue(core), cancellationToken);
    return await SayAsync(report, arguments.GetValue(output), cancellationToken);
});

var rest = new Argument<string[]>("arguments") { Arity = ArgumentArity.ZeroOrMore, Description = "As for BenchmarkDotNet, for example --filter *" };
var micro = new Command("micro", "Single operations, with BenchmarkDotNet.") { rest };
micro.TreatUnmatchedTokensAsErrors = false;
micro.SetAction(arguments =>
{
    BenchmarkSwitcher.FromAssembly(typeof(SystemBenchmark).Assembly).Run([.. arguments.UnmatchedTokens, .. arguments.GetValue(rest) ?? []]);
    return 0;
});

var faces = new Option<int[]>("--faces") { DefaultValueFactory = _ => [100_000, 1_000_000], AllowMultipleArgumentsPerToken = true, Description = "Sizes of galleries." };
var dimensions = new Option<int[]>("--dimensions") { DefaultValueFactory = _ => [128, 512], AllowMultipleArgumentsPerToken = true, Description = "Lengths of embeddings." };
var loadFaces = new Option<int>("--load-faces") { DefaultValueFactory = _ => 1_000_000, Description = "Faces read from SQLite; 0 leaves that out." };
var graphFaces = new Option<int>("--graph-faces") { DefaultValueFactory = _ => 100_000, Description = "Largest gallery for which hnswlib builds its graph, which takes minutes for a million." };
var searches = new Option<int>("--rounds") { DefaultValueFactory = _ => 30, Description = "Searches of which the fastest counts." };
var index = new Command("index", "The embedded index against memory bandwidth, faiss and hnswlib.") { faces, dimensions, loadFaces, graphFaces, searches, output };
index.SetAction(async (arguments, cancellationToken) =>
{
    var settings = new IndexSettings(
        arguments.GetRequiredValue(faces),
        arguments.GetRequiredValue(dimensions),
        arguments.GetValue(loadFaces),
        arguments.GetValue(graphFaces),
        arguments.GetValue(searches));
    var report = await IndexBenchmark.RunAsync(settings, cancellationToken);
    return await SayAsync(report, arguments.GetValue(output), cancellationToken);
});

return await new RootCommand("How fast FaceCloud is.") { whole, bulk, ownCore, index, micro }.Parse(args).InvokeAsync();

static async Task<int> SayAsync(string report, FileInfo? file, CancellationToken cancellationToken)
{
    Console.Write(report);
    if (file is not null)
    {
        await File.WriteAllTextAsync(file.FullName, report, cancellationToken);
    }

    return 0;
}
