using System.Numerics.Tensors;

namespace FaceCloud.Trainer.Samples.Judging;

/// <summary>What one way of looking makes of all samples.</summary>
/// <param name="Way">Detector and encoder.</param>
/// <param name="Genuine">Similarities of all pairs of faces of one person, ascending.</param>
/// <param name="Impostor">Of all pairs of faces of two persons, strangers too, ascending.</param>
/// <param name="Training">Of each face to its nearest training crop, ascending.</param>
public sealed record SampleMeasures(string Way, IReadOnlyList<float> Genuine, IReadOnlyList<float> Impostor, IReadOnlyList<float> Training)
{
    /// <summary>Measures one way.</summary>
    /// <param name="name">Detector and encoder.</param>
    /// <param name="way">Its place in the faces' embeddings.</param>
    /// <param name="photos">All samples.</param>
    /// <param name="gallery">What it makes of the training crops; null where they are not there.</param>
    public static SampleMeasures Of(string name, int way, IReadOnlyList<SamplePhoto> photos, TrainingGallery? gallery)
    {
        var faces = photos.SelectMany(p => p.Faces.Zip(p.Persons, (face, person) => (Embedding: face.Embedding(way), Person: person))).ToArray();
        var (genuine, impostor) = (new List<float>(), new List<float>());
        for (var i = 0; i < faces.Length; i++)
        {
            for (var j = i + 1; j < faces.Length; j++)
            {
                (faces[i].Person == faces[j].Person ? genuine : impostor).Add(TensorPrimitives.Dot<float>(faces[i].Embedding, faces[j].Embedding));
            }
        }

        float[] training = gallery is null ? [] : [.. faces.Select(f => gallery.Nearest(f.Embedding).Similarity)];
        return new SampleMeasures(name, [.. genuine.Order()], [.. impostor.Order()], [.. training.Order()]);
    }
}
