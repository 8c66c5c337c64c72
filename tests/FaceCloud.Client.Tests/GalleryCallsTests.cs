using FaceCloud.Client.Tests.Testing;
using FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Client.Tests;

public sealed class GalleryCallsTests : IAsyncLifetime
{
    private FakeServer _server = null!;
    private FaceCloudClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task CreateGalleryAsync_ThenGetListDelete_Agree()
    {
        await _client.CreateGalleryAsync("staff", "Staff", new GallerySettings { VerifyThreshold = 0.4f });

        var got = await _client.GetGalleryAsync("staff");
        var listed = await _client.ListGalleriesAsync().ToListAsync();
        await _client.DeleteGalleryAsync("staff");

        Assert.Equal("Staff", got.Name);
        Assert.Equal(0.4f, got.Settings.VerifyThreshold);
        Assert.Equal(got, Assert.Single(listed));
        Assert.False(_server.Gallery.Has("staff"));
    }

    [Fact]
    public async Task UpdateGalleryAsync_NameNotGiven_IsLeftUnset()
    {
        _server.Gallery.Fill("staff");

        await _client.UpdateGalleryAsync("staff", settings: new GallerySettings { MinQuality = 0.5f });

        Assert.False(_server.Gallery.LastUpdate!.HasName);
        Assert.Equal(0.5f, _server.Gallery.LastUpdate.Settings.MinQuality);
    }

    [Fact]
    public async Task UpsertPersonAsync_ThenGetAndDelete_Agree()
    {
        _server.Gallery.Fill("staff");
        await _client.UpsertPersonAsync(new UpsertPersonRequest { GalleryId = "staff", PersonId = "ada", Name = "Ada", Metadata = { ["team"] = "engines" } });

        var person = await _client.GetPersonAsync("staff", "ada");
        await _client.DeletePersonAsync("staff", "ada");
        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => _client.GetPersonAsync("staff", "ada"));

        Assert.Equal("engines", person.Metadata["team"]);
        Assert.Equal("PERSON_NOT_FOUND", failure.Reason);
    }

    [Fact]
    public async Task ListPersonsAsync_MoreThanAPage_TurnsPagesInOrder()
    {
        var persons = Enumerable.Range(0, 250).Select(index => $"person-{index:000}").ToArray();
        _server.Gallery.Fill("staff", persons);

        var listed = await _client.ListPersonsAsync("staff", pageSize: 100).Select(person => person.PersonId).ToListAsync();

        Assert.Equal(persons, listed);
        Assert.Equal(3, _server.Traffic.Calls("ListPersons"));
    }

    [Fact]
    public async Task ListPersonsAsync_LeftEarly_AsksForNoFurtherPage()
    {
        _server.Gallery.Fill("staff", [.. Enumerable.Range(0, 250).Select(index => $"person-{index:000}")]);

        await foreach (var person in _client.ListPersonsAsync("staff", pageSize: 100))
        {
            if (person.PersonId == "person-050")
            {
                break;
            }
        }

        Assert.Equal(1, _server.Traffic.Calls("ListPersons"));
    }

    [Fact]
    public async Task ListPersonsAsync_CancelledBetweenPages_Stops()
    {
        _server.Gallery.Fill("staff", [.. Enumerable.Range(0, 250).Select(index => $"person-{index:000}")]);
        using var stop = new CancellationTokenSource();

        var listing = async () =>
        {
            await foreach (var person in _client.ListPersonsAsync("staff", pageSize: 100, stop.Token))
            {
                await stop.CancelAsync();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(listing);
        Assert.Equal(1, _server.Traffic.Calls("ListPersons"));
    }

    [Fact]
    public async Task CalibrateGalleryAsync_ThenListAndRollback_Agree()
    {
        _server.Gallery.Fill("staff", "ada");

        var run = await _client.CalibrateGalleryAsync("staff", new CalibrateOptions { FalseAcceptRates = [0.02], KeepInactive = true });
        var asked = _server.Gallery.LastCalibrate!;
        await _client.CalibrateGalleryAsync("staff");
        var listed = await _client.ListCalibrationsAsync("staff");
        var back = await _client.RollbackCalibrationAsync("staff");
        var none = await _client.RollbackCalibrationAsync("staff", 0);
        var failure = await Assert.ThrowsAsync<FaceCloudException>(() => _client.RollbackCalibrationAsync("staff", 9));

        Assert.Equal((1, CalibrationState.Inactive), (run.Calibration.Version, run.Calibration.State));
        Assert.Equal([0.02], asked.FalseAcceptRates);
        Assert.Equal((true, false), (asked.KeepInactive, asked.DryRun));
        Assert.Equal((2, 2), (listed.ActiveVersion, listed.Calibrations.Count));
        Assert.Equal((1, 0), (back.ActiveVersion, none.ActiveVersion));
        Assert.Equal("CALIBRATION_NOT_FOUND", failure.Reason);
    }
}
