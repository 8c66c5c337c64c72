using System.Numerics.Tensors;
using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Store;
using FaceCloud.Numerics;

namespace FaceCloud.Gallery.Doctor;

/// <summary>The faces of one person. A mean cosine to all of them is one dot product with their mean.</summary>
internal sealed class PersonTemplates
{
    private readonly float[] _sum;

    public PersonTemplates(IReadOnlyList<FaceVector> faces)
    {
        Faces = faces;
        _sum = new float[faces.Count > 0 ? faces[0].Embedding.Length : 0];
        foreach (var face in faces)
        {
            TensorPrimitives.Add(_sum, face.Embedding, _sum);
        }
    }

    public IReadOnlyList<FaceVector> Faces { get; }

    /// <summary>Mean cosine of somebody else's face to these.</summary>
    public float MeanOf(FaceVector other) => Similarities.Held(Vectors.DotProduct(other.Embedding, _sum) / Faces.Count);

    /// <summary>Mean cosine of one of these to the others; there must be another.</summary>
    public float MeanOfOwn(FaceVector own) => Similarities.Held((Vectors.DotProduct(own.Embedding, _sum) - 1) / (Faces.Count - 1));

    /// <summary>Mean cosine over all pairs.</summary>
    public float MeanOf(PersonTemplates other) => Similarities.Held(Vectors.DotProduct(_sum, other._sum) / Faces.Count / other.Faces.Count);

    /// <summary>Cosine of one of these to the nearest of the others; null when there is no other.</summary>
    public float? NearestOwn(FaceVector own)
    {
        float? best = null;
        foreach (var face in Faces)
        {
            if (face.FaceId != own.FaceId && Similarities.Cosine(face.Embedding, own.Embedding) is var similarity && !(similarity <= best))
            {
                best = similarity;
            }
        }

        return best;
    }

    /// <summary>The most alike faces of two persons.</summary>
    public (Guid Face, Guid Other, float Similarity) Nearest(PersonTemplates other)
    {
        var best = (Guid.Empty, Guid.Empty, Similarity: float.NegativeInfinity);
        foreach (var one in Faces)
        {
            foreach (var two in other.Faces)
            {
                if (Similarities.Cosine(one.Embedding, two.Embedding) is var similarity && similarity > best.Similarity)
                {
                    best = (one.FaceId, two.FaceId, similarity);
                }
            }
        }

        return best;
    }
}
