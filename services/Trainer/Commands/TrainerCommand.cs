using System.CommandLine;

namespace FaceCloud.Trainer.Commands;

/// <summary>The program's verbs.</summary>
public static class TrainerCommand
{
    public static RootCommand Create() => new("Trains, measures and exports FaceCloud's face encoder and detector.")
    {
        new Command("train", "Trains a network.") { TrainEncoderCommand.Create(), TrainDetectorCommand.Create(), TrainHeadCommand.Create() },
        new Command("label", "Makes labels with a detector.") { LabelCropsCommand.Create() },
        EvalCommand.Create(),
        CalibrateCommand.Create(),
        ExportCommand.Create(),
        ChartCommand.Create(),
        SamplesCommand.Create(),
    };
}
