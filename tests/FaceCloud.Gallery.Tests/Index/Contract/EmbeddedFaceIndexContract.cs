using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Index.Embedded;

namespace FaceCloud.Gallery.Tests.Index.Contract;

public sealed class EmbeddedFaceIndexContract : FaceIndexContract
{
    private protected override Task<IFaceIndex> OpenAsync(TestFacts facts) => Task.FromResult<IFaceIndex>(new EmbeddedFaceIndex());
}
