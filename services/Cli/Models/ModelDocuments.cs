using FaceCloud.Inference.Models;

namespace FaceCloud.Cli.Models;

/// <summary>Models in JSON documents (README, "JSON").</summary>
internal static class ModelDocuments
{
    public const string Right = "OK";
    public const string Wrong = "WRONG";
    public const string Missing = "MISSING";

    public static bool IsInUse(ModelList list, ListedModel model) => list.Chosen(model.Entry.Kind) == model.Entry.Name;

    public static long? Size(ListedModel model) => model.FindFile() is { } path ? new FileInfo(path).Length : null;

    /// <summary>Null for a detector.</summary>
    public static string? Contract(ModelEntry entry) => entry.Kind == ModelKind.Encoder ? ModelDescription.ContractOf(entry) : null;

    public static object Model(ModelList list, ListedModel model)
    {
        var entry = model.Entry;
        var isEncoder = entry.Kind == ModelKind.Encoder;
        return new
        {
            entry.Name,
            Kind = ModelWords.Kind(entry.Kind),
            InUse = IsInUse(list, model),
            Shipped = !model.IsUsers,
            FilePresent = model.FindFile() is not null,
            Path = model.FindFile(),
            entry.File,
            Bytes = Size(model),
            Sha256 = entry.Sha256.ToLowerInvariant(),
            entry.Licence,
            entry.Origin,
            entry.Note,
            EmbeddingContract = Contract(entry),
            entry.Dimension,
            Input = new
            {
                Name = entry.InputName,
                Width = entry.InputWidth,
                Height = entry.InputHeight,
                ChannelOrder = entry.ChannelOrder.ToString().ToLowerInvariant(),
                entry.Mean,
                entry.Std,
                FixedSize = isEncoder || entry.FixedSize,
            },
            Outputs = isEncoder ? null : (entry.Outputs ?? DetectorOutputs.Yunet).ToString().ToLowerInvariant(),
            Calibration = entry.Calibration is null ? null : new { entry.Calibration.Source, Points = entry.Calibration.Points.Select(point => new { point.FalseAcceptRate, point.Threshold }).ToArray() },
        };
    }

    public static ModelCheck Check(ListedModel model, bool mayBeMissing)
    {
        var wanted = model.Entry.Sha256.ToLowerInvariant();
        if (model.FindFile() is not { } path)
        {
            return new ModelCheck(model.Entry.Name, Missing, mayBeMissing, Path.Combine(model.Folders[0], model.Entry.File), wanted, null);
        }

        var found = ListedModel.Checksum(path);
        return new ModelCheck(model.Entry.Name, found == wanted ? Right : Wrong, found == wanted, path, wanted, found);
    }
}
