using System.Diagnostics.Metrics;
using FaceCloud.Gallery.Store;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index;

/// <summary>Counts the index now and then, for the metrics: all galleries together, since they may be thousands.</summary>
public sealed class IndexMeasures : BackgroundService
{
    private readonly GalleryStore _store;
    private readonly IFaceIndex _index;
    private readonly IndexState _state;
    private readonly GalleryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<IndexMeasures> _logger;
    private readonly Meter _meter;
    private Counts? _counts;

    public IndexMeasures(
        GalleryStore store, IFaceIndex index, IndexState state, IOptions<GalleryOptions> options, IMeterFactory meters, TimeProvider time, ILogger<IndexMeasures> logger)
    {
        (_store, _index, _state, _options, _time, _logger) = (store, index, state, options.Value, time, logger);
        _meter = meters.Create(Telemetry.Name);
        _meter.CreateObservableGauge("facecloud.gallery.index.faces", () => Measure(counts => counts.Faces), "{face}", "Faces in the index.");
        _meter.CreateObservableGauge("facecloud.gallery.index.persons", () => Measure(counts => counts.Persons), "{person}", "Persons in the index.");
        _meter.CreateObservableGauge("facecloud.gallery.index.galleries", () => Measure(counts => counts.Galleries), "{gallery}", "Galleries.");
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _state.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(_options.MeasureInterval, _time);
        do
        {
            try
            {
                _counts = await CountAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The health says what is away; until it is back there are no figures rather than old ones.
                Log.IndexNotMeasured(_logger, exception);
                _counts = null;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<long>> Measure(Func<Counts, long> figure) => _counts is { } counts ? [new Measurement<long>(figure(counts))] : [];

    private async Task<Counts> CountAsync(CancellationToken cancellationToken)
    {
        var galleries = await _store.ListAllGalleriesAsync(cancellationToken);
        var (persons, faces) = (0L, 0L);
        foreach (var gallery in galleries)
        {
            var size = await _index.GetSizeAsync(gallery, cancellationToken);
            (persons, faces) = (persons + size.Persons, faces + size.Faces);
        }

        return new Counts(galleries.Count, persons, faces);
    }

    private sealed record Counts(long Galleries, long Persons, long Faces);
}
