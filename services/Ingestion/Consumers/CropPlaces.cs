using Microsoft.Extensions.Options;

namespace FaceCloud.Ingestion.Consumers;

/// <summary>How many photos this process crops at once (<see cref="IngestionOptions.CropConcurrency"/>); more wait in order.</summary>
public sealed class CropPlaces(IOptions<IngestionOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Value.EffectiveCropConcurrency);

    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
