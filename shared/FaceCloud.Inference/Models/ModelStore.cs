namespace FaceCloud.Inference.Models;

/// <summary>The user's folder of models: puts files and entries there, checked, and whole or not at all.</summary>
public static class ModelStore
{
    /// <summary>Checks the file, brings it into the user's folder and names it in the user's manifest.</summary>
    /// <returns>The entry as it was written.</returns>
    /// <exception cref="ModelException">The file is not what it should be, the name is taken, or something cannot be written; nothing has changed then.</exception>
    public static ModelEntry Add(ModelList list, ModelAddition addition)
    {
        var found = ListedModel.Checksum(addition.Source);
        var inspection = ModelInspector.Inspect(addition.Source, addition.Profile);
        var known = Known(list, found);
        var name = addition.Name ?? known?.Name ?? NameOf(addition.Suggested);
        var before = list.Find(name);
        if (before is not null && !string.Equals(before.Entry.Sha256, found, StringComparison.OrdinalIgnoreCase))
        {
            throw new ModelException($"There is another model '{name}' already (SHA-256 {before.Entry.Sha256.ToLowerInvariant()}); choose a name with --name, or remove that one first.");
        }

        var file = FileName(list, addition.Source, name);
        var entry = Entry(addition, inspection, name, file, found, known, before?.Entry);

        // The contract is made of name and checksum: two ways of feeding must not share it.
        if (before is not null && !IsFedAlike(before.Entry, entry))
        {
            throw new ModelException(
                $"This file is the model '{name}' already, and is fed otherwise there than the profile '{addition.Profile.Name}' says. Take the profile that fits, or give it another name with --name.");
        }

        // The manifest comes last, so that it never names a file that is not there.
        Bring(addition, Path.Combine(list.UserDirectory, file), found);
        UserManifest.Put(list.UserManifestPath, entry, addition.Use);
        return entry;
    }

    /// <summary>Takes a model out of the user's manifest, and its file out of the user's folder when no other entry names it.</summary>
    /// <exception cref="ModelException">There is no such model of the user's, or it is in use.</exception>
    public static void Remove(ModelList list, string name)
    {
        var model = list.Find(name) ?? throw NotThere(list, name);
        if (!model.IsUsers)
        {
            throw new ModelException($"The model '{name}' comes with FaceCloud and cannot be removed.");
        }

        if (list.Chosen(model.Entry.Kind) == name && !list.Shipped.Any(entry => entry.Name == name && entry.Kind == model.Entry.Kind))
        {
            throw new ModelException($"The model '{name}' is in use; choose another {model.Entry.Kind.ToString().ToLowerInvariant()} with 'facecloud models use' first.");
        }

        UserManifest.Remove(list.UserManifestPath, name);
        var path = Path.Combine(list.UserDirectory, model.Entry.File);
        if (list.Models.All(other => other == model || other.Entry.File != model.Entry.File))
        {
            Delete(path);
        }
    }

    public static ModelException NotThere(ModelList list, string name) =>
        new($"There is no model '{name}'; there are: {string.Join(", ", list.Models.Select(model => model.Entry.Name))}. Others come with 'facecloud models add'.");

    /// <summary>The shipped entry of that file, whose calibration and origin hold for it wherever it lies.</summary>
    public static ModelEntry? Known(ModelList list, string sha256) =>
        list.Shipped.FirstOrDefault(entry => string.Equals(entry.Sha256, sha256, StringComparison.OrdinalIgnoreCase));

    private static ModelEntry Entry(
        ModelAddition addition, ModelInspection inspection, string name, string file, string sha256, ModelEntry? known, ModelEntry? before)
    {
        var profile = addition.Profile;
        var entry = new ModelEntry
        {
            Name = name,
            Kind = profile.Kind,
            File = file,
            Sha256 = sha256,
            InputName = inspection.InputName,
            InputWidth = inspection.InputWidth,
            InputHeight = inspection.InputHeight,
            FixedSize = inspection.FixedSize,
            OneAtATime = inspection.OneAtATime,
            Columns = profile.Columns,
            ChannelOrder = profile.ChannelOrder,
            Mean = [profile.Mean, profile.Mean, profile.Mean],
            Std = [profile.Std, profile.Std, profile.Std],
            Outputs = profile.Outputs,
            OutputName = inspection.OutputName,
            Dimension = inspection.Dimension,
            Licence = addition.Licence ?? known?.Licence ?? profile.Licence ?? ModelProfile.UnknownLicence,
            Origin = known?.Origin ?? addition.Origin,
            Note = profile.Note,
        };

        // A measurement holds for the file fed in the way that it was measured in, and for no other way.
        if (new[] { before, known }.FirstOrDefault(measured => measured is not null && IsFedAlike(measured, entry)) is { } same)
        {
            entry = same with { Name = name, File = file, Licence = addition.Licence ?? same.Licence };
        }

        return entry;
    }

    private static bool IsFedAlike(ModelEntry left, ModelEntry right) =>
        left.Kind == right.Kind &&
        (left.InputName, left.InputWidth, left.InputHeight, left.ChannelOrder) == (right.InputName, right.InputWidth, right.InputHeight, right.ChannelOrder) &&
        left.Columns == right.Columns && left.Mean.SequenceEqual(right.Mean) && left.Std.SequenceEqual(right.Std) &&
        (left.OutputName, left.Dimension) == (right.OutputName, right.Dimension) &&
        (left.Outputs ?? DetectorOutputs.Yunet) == (right.Outputs ?? DetectorOutputs.Yunet);

    // A file that lies in the folder already keeps its name.
    private static string FileName(ModelList list, string source, string name) =>
        Path.GetDirectoryName(Path.GetFullPath(source)) == list.UserDirectory && Path.GetExtension(source) == ".onnx" ? Path.GetFileName(source) : name + ".onnx";

    private static void Bring(ModelAddition addition, string target, string sha256)
    {
        if (File.Exists(target))
        {
            if (ListedModel.Checksum(target) != sha256)
            {
                throw new ModelException($"There is another file '{target}' already; move it away, or choose a name with --name.");
            }

            if (addition.Move)
            {
                Delete(addition.Source);
            }

            return;
        }

        var written = target + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (addition.Move)
            {
                File.Move(addition.Source, target);
                return;
            }

            using (var from = File.OpenRead(addition.Source))
            using (var to = new FileStream(written, FileMode.Create, FileAccess.Write))
            {
                from.CopyTo(to);
                to.Flush(flushToDisk: true);
            }

            File.Move(written, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Delete(written);
            throw new ModelException($"The model cannot be brought to '{target}': {exception.Message}", exception);
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The file '{path}' cannot be deleted: {exception.Message}", exception);
        }
    }

    private static string NameOf(string file)
    {
        var letters = Path.GetFileNameWithoutExtension(file).ToLowerInvariant().Select(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' ? letter : '-');
        var name = string.Concat(letters).Trim('-');
        return ModelManifest.IsName(name) ? name : throw new ModelException($"No name for the model can be made from '{file}'; give one with --name.");
    }
}
