using System.CommandLine;
using FaceCloud.Trainer.Commands;

// Long enough to finish a step, or a scoring, and write the checkpoint.
return await TrainerCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
