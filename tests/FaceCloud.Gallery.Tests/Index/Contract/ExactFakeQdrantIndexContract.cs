namespace FaceCloud.Gallery.Tests.Index.Contract;

/// <summary>With Qdrant:Exact, on a server that answers as those up to 1.16 do.</summary>
public sealed class ExactFakeQdrantIndexContract : FakeQdrantIndexContract
{
    private protected override bool IsExact => true;

    private protected override bool AnswersFlat => true;
}
