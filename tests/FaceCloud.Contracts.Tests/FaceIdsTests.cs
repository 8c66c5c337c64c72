namespace FaceCloud.Contracts.Tests;

public sealed class FaceIdsTests
{
    private const string Sha = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Face_SameParts_SameIdOfVersion5()
    {
        var id = FaceIds.Face("default", "staff", "ada", Sha, 0);

        Assert.Equal(id, FaceIds.Face("default", "staff", "ada", Sha, 0));
        Assert.Equal(5, id.Version);
    }

    [Fact]
    public void Face_AnyPartChanged_AnotherId()
    {
        Guid[] ids =
        [
            FaceIds.Face("default", "staff", "ada", Sha, 0),
            FaceIds.Face("other", "staff", "ada", Sha, 0),
            FaceIds.Face("default", "guests", "ada", Sha, 0),
            FaceIds.Face("default", "staff", "bob", Sha, 0),
            FaceIds.Face("default", "staff", "ada", Sha[..^1] + "0", 0),
            FaceIds.Face("default", "staff", "ada", Sha, 1),
            FaceIds.Item("default", "staff", "ada", Sha),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Face_PartsShiftedAcrossTheirBorder_AnotherId()
    {
        var one = FaceIds.Face("default", "a;1:b", "c", Sha, 0);
        var other = FaceIds.Face("default", "a", "b;1:c", Sha, 0);

        Assert.NotEqual(one, other);
    }
}
