using FaceCloud.Gallery.Calibration;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Encoding;
using FaceCloud.Gallery.Scoring;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using V1 = FaceCloud.Protos.Gallery.V1;

namespace FaceCloud.Gallery.Tests;

public sealed class StructuralTests
{
    public static TheoryData<Type, Type> Enums => new()
    {
        { typeof(Contracts.QualityReason), typeof(V1.QualityReason) },
        { typeof(Contracts.EnrolOutcome), typeof(V1.EnrolOutcome) },
        { typeof(ThresholdSource), typeof(V1.ThresholdSource) },
        { typeof(VerificationOutcome), typeof(V1.VerifyOutcome) },
        { typeof(IdentificationOutcome), typeof(V1.IdentifyOutcome) },
        { typeof(PersonScoring), typeof(V1.PersonScoring) },
        { typeof(Gallery.Index.IndexKind), typeof(V1.IndexKind) },
        { typeof(Gallery.Index.Moves.IndexOperationKind), typeof(V1.IndexOperationKind) },
        { typeof(Gallery.Index.Moves.IndexOperationState), typeof(V1.IndexOperationState) },
        { typeof(Inference.Models.VerifierHeadKind), typeof(Protos.Encoder.V1.VerifierHeadKind) },
    };

    // The mappings cast: names and numbers must agree.
    [Theory]
    [MemberData(nameof(Enums))]
    public void Enum_OursAndTheProtos_HaveTheSameNamesAndNumbers(Type ours, Type proto)
    {
        var expected = Enum.GetNames(proto).Where(name => name != "Unspecified").ToDictionary(name => name, name => (int)Enum.Parse(proto, name));

        Assert.Equal(expected, Enum.GetNames(ours).ToDictionary(name => name, name => (int)Enum.Parse(ours, name)));
    }

    [Fact]
    public void Consumers_EachOne_HasADefinition()
    {
        var types = typeof(GalleryExtensions).Assembly.GetTypes();
        var consumers = types.Where(type => type.IsAssignableTo(typeof(IConsumer)) && !type.IsAbstract);

        Assert.All(consumers, consumer => Assert.Contains(types, type => type.IsAssignableTo(typeof(IConsumerDefinition<>).MakeGenericType(consumer))));
    }

    [Theory]
    [InlineData("Gallery:MaxFalseAcceptRate", "0", nameof(GalleryOptions.MaxFalseAcceptRate))]
    [InlineData("Gallery:MaxFalsePositiveRate", "1", nameof(GalleryOptions.MaxFalsePositiveRate))]
    [InlineData("Gallery:AmbiguityMargin", "-1", nameof(GalleryOptions.AmbiguityMargin))]
    [InlineData("Gallery:StoreBatch", "0", nameof(GalleryOptions.StoreBatch))]
    [InlineData("Gallery:Calibration:Resamples", "0", nameof(CalibrationOptions.Resamples))]
    [InlineData("Gallery:DeletionMemory", "00:00:01", nameof(GalleryOptions.DeletionMemory))]
    public async Task Start_SettingOutOfRange_StopsWithItsName(string key, string value, string name)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GalleryHost.StartAsync(settings: new() { [key] = value }));

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EncoderClientOptions_Section_Binds()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Encoder:Address"] = "http://encoder:9", ["Encoder:CallTimeout"] = "00:00:07" })
            .Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging();
        services.AddFaceEncoder();

        var options = services.BuildServiceProvider().GetRequiredService<IOptions<EncoderClientOptions>>().Value;

        Assert.Equal((new Uri("http://encoder:9"), TimeSpan.FromSeconds(7)), (options.Address, options.CallTimeout));
    }
}
