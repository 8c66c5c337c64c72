using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceCloud.StructuralTests;

/// <summary>Every options class is bound to its section somewhere, has usable defaults, and stops the process on a wrong value.</summary>
public sealed class OptionsTests
{
    private const string Section = "SectionName";

    private static readonly string[] Services = ["Encoder", "Gallery", "Ingestion", "Standalone"];

    private static readonly Type[] Classes =
    [
        .. Rooms.All.SelectMany(room => room.GetTypes()).Where(type => type.GetField(Section) is { IsLiteral: true }),
    ];

    public static TheoryData<string> Names() => [.. Classes.Select(type => type.FullName!)];

    [Fact]
    public void Classes_NamedOptions_HaveASectionAndAreSealed()
    {
        var named = Rooms.All.SelectMany(room => room.GetTypes()).Where(type => type is { IsClass: true, IsNested: false } && type.Name.EndsWith("Options", StringComparison.Ordinal));

        // Parts of another's section have none of their own; they are bound by it.
        var parts = Classes.SelectMany(type => type.GetProperties()).Select(property => property.PropertyType).ToHashSet();
        Assert.All(named, type => Assert.True(Classes.Contains(type) || parts.Contains(type), $"{type} has no SectionName."));
        Assert.All(Classes, type => Assert.True(type.IsSealed, $"{type} is not sealed."));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Defaults_NothingConfigured_AreValidSaveWhatIsRequired(string name)
    {
        var type = Classes.Single(known => known.FullName == name);
        var defaults = Activator.CreateInstance(type)!;
        var results = new List<ValidationResult>();

        Validator.TryValidateObject(defaults, new ValidationContext(defaults), results, validateAllProperties: true);

        Assert.All(
            results.SelectMany(result => result.MemberNames),
            member => Assert.NotNull(type.GetProperty(member)?.GetCustomAttribute<RequiredAttribute>()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WrongValue_EachCheckedProperty_NamesTheProperty(string name)
    {
        var type = Classes.Single(known => known.FullName == name);
        var section = (string)type.GetField(Section)!.GetRawConstantValue()!;
        var service = Services.FirstOrDefault(candidate => IsBound(candidate, type));
        Assert.True(service is not null, $"No service binds {name} to its section.");

        foreach (var property in type.GetProperties())
        {
            if (WrongValueOf(property) is { } wrong)
            {
                var failure = Record.Exception(() =>
                {
                    using var services = Rooms.Compose(service, ($"{section}:{property.Name}", wrong));
                    _ = Value(services, type);
                });

                Assert.True(failure is OptionsValidationException or InvalidOperationException, $"{section}:{property.Name} = '{wrong}': {failure?.GetType().Name ?? "accepted"}");
                Assert.Contains(property.Name, failure!.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Sections_SharedByTwoClasses_HaveNoPropertyInCommon()
    {
        var shared = Classes.GroupBy(type => type.GetField(Section)!.GetRawConstantValue());

        foreach (var section in shared)
        {
            var properties = section.SelectMany(type => type.GetProperties(), (type, property) => property.Name).ToArray();
            Assert.True(properties.Length == properties.Distinct().Count(), $"Section {section.Key} means two things at once.");
        }
    }

    private static bool IsBound(string service, Type type)
    {
        using var services = Rooms.Compose(service);
        return services.GetServices(typeof(IConfigureOptions<>).MakeGenericType(type)).Any();
    }

    private static object Value(IServiceProvider services, Type type)
    {
        var options = services.GetRequiredService(typeof(IOptions<>).MakeGenericType(type));
        try
        {
            return options.GetType().GetProperty("Value")!.GetValue(options)!;
        }
        catch (TargetInvocationException exception)
        {
            throw exception.InnerException!;
        }
    }

    // Null where any text is a right value.
    private static string? WrongValueOf(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string))
        {
            return property.GetCustomAttribute<RequiredAttribute>() is null ? null : "";
        }

        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            return range.OperandType == typeof(TimeSpan)
                ? "-00:00:01"
                : (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture);
        }

        return type.IsPrimitive || type.IsEnum || type == typeof(TimeSpan) ? "no such value" : null;
    }
}
