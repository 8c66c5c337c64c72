using System.CommandLine;
using FaceCloud.Trainer.Commands;

var root = new RootCommand("Trains, measures and exports FaceCloud's face encoder.")
{
    new Command("train", "Trains a network.") { TrainEncoderCommand.Create() },
    EvalCommand.Create(),
    ExportCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
