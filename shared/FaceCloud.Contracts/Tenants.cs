namespace FaceCloud.Contracts;

/// <summary>Every gallery and job belongs to a tenant. Until keys are bound to tenants there is one.</summary>
public static class Tenants
{
    public const string Default = "default";
}
