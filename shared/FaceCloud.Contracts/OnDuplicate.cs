using System.Text.Json.Serialization;

namespace FaceCloud.Contracts;

/// <summary>What a bulk job does with a person who has faces that it did not enrol; the same words as the proto enum OnDuplicate.</summary>
[JsonConverter(typeof(WireWordConverter<OnDuplicate>))]
public enum OnDuplicate
{
    /// <summary>The photo becomes one more face of the person.</summary>
    Enrol = 1,

    /// <summary>The person stays as they are; the photo is a duplicate.</summary>
    Skip = 2,

    /// <summary>The person's other faces go as soon as the first photo of the job is stored.</summary>
    Replace = 3,
}
