using FaceCloud.Gallery.Index.Embedded;
using FaceCloud.Gallery.Index.Qdrant;
using Microsoft.Extensions.Options;

namespace FaceCloud.Gallery.Index;

/// <summary>Makes indexes; connects to Qdrant only when one is of it.</summary>
internal sealed class IndexFactory(IServiceProvider services)
{
    /// <param name="kind">Of it.</param>
    /// <param name="isFresh">Beside the one in use, empty until it is filled.</param>
    public IFaceIndex Create(IndexKind kind, bool isFresh) => kind switch
    {
        IndexKind.Embedded => new EmbeddedFaceIndex(),
        IndexKind.Qdrant => new QdrantFaceIndex(
            services.GetRequiredService<QdrantChannel>().Invoker,
            services.GetRequiredService<IGalleryFacts>(),
            services.GetRequiredService<IOptions<QdrantOptions>>(),
            isFresh),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such index."),
    };
}
