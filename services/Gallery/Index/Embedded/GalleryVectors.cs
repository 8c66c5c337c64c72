using System.Collections.Immutable;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// The faces of one gallery. Writers take a lock and publish a new snapshot; readers take the current one and are never stopped.
/// </summary>
internal sealed class GalleryVectors
{
    private readonly Lock _writing = new();
    private readonly Dictionary<Guid, (int Block, int Row)> _places = [];
    private readonly Dictionary<string, HashSet<Guid>> _persons = new(StringComparer.Ordinal);
    private GallerySnapshot _current = GallerySnapshot.Empty;
    private int _deletedRows;

    public GallerySnapshot Current => Volatile.Read(ref _current);

    /// <exception cref="ArgumentException">An embedding of another length than the gallery's.</exception>
    public void Upsert(IReadOnlyList<FaceVector> faces)
    {
        lock (_writing)
        {
            var blocks = _current.Blocks.ToBuilder();
            var dimension = blocks.Count > 0 ? blocks[0].Block.Dimension : faces.Count > 0 ? faces[0].Embedding.Length : 0;
            if (faces.Any(face => face.Embedding.Length != dimension))
            {
                throw new ArgumentException($"Every embedding of this gallery must have {dimension} values.", nameof(faces));
            }

            foreach (var face in faces)
            {
                Remove(blocks, face.FaceId);
                Append(blocks, dimension, face);
            }

            Publish(blocks);
        }
    }

    public void DeleteFaces(IEnumerable<Guid> faceIds)
    {
        lock (_writing)
        {
            var blocks = _current.Blocks.ToBuilder();
            foreach (var faceId in faceIds)
            {
                Remove(blocks, faceId);
            }

            Publish(blocks);
        }
    }

    public void DeletePerson(string personId)
    {
        lock (_writing)
        {
            if (_persons.TryGetValue(personId, out var faces))
            {
                DeleteFaces([.. faces]);
            }
        }
    }

    private void Append(ImmutableArray<BlockView>.Builder blocks, int dimension, FaceVector face)
    {
        if (blocks.Count == 0)
        {
            blocks.Add(new BlockView(VectorBlock.First(dimension), 0, null));
        }

        var last = blocks[^1];
        if (last.Rows == last.Block.Capacity)
        {
            if (last.Block.Capacity < VectorBlock.MaxRows)
            {
                last = last with { Block = last.Block.Grown(last.Rows) };
            }
            else
            {
                last = new BlockView(VectorBlock.Full(dimension), 0, null);
                blocks.Add(last);
            }
        }

        last.Block.Write(last.Rows, face.FaceId, face.PersonId, face.Embedding);
        _places[face.FaceId] = (blocks.Count - 1, last.Rows);
        if (!_persons.TryGetValue(face.PersonId, out var ids))
        {
            _persons.Add(face.PersonId, ids = []);
        }

        ids.Add(face.FaceId);
        blocks[^1] = last with { Rows = last.Rows + 1 };
    }

    private void Remove(ImmutableArray<BlockView>.Builder blocks, Guid faceId)
    {
        if (!_places.Remove(faceId, out var place))
        {
            return;
        }

        var view = blocks[place.Block];
        var person = view.Block.Persons[place.Row];
        var ids = _persons[person];
        ids.Remove(faceId);
        if (ids.Count == 0)
        {
            _persons.Remove(person);
        }

        blocks[place.Block] = view.Without(place.Row);
        _deletedRows++;
    }

    private void Publish(ImmutableArray<BlockView>.Builder blocks)
    {
        if (_places.Count == 0)
        {
            blocks.Clear();
            _deletedRows = 0;
        }
        else if (_deletedRows > 1024 && _deletedRows > _places.Count / 2)
        {
            Compact(blocks);
        }

        // The release write makes all rows above visible before the snapshot that counts them.
        Volatile.Write(ref _current, new GallerySnapshot(blocks.ToImmutable(), new IndexSize(_persons.Count, _places.Count)));
    }

    // Into new blocks: readers of the old ones go on undisturbed.
    private void Compact(ImmutableArray<BlockView>.Builder blocks)
    {
        var old = blocks.ToArray();
        blocks.Clear();
        _places.Clear();
        _deletedRows = 0;
        foreach (var view in old)
        {
            for (var row = 0; row < view.Rows; row++)
            {
                if (view.IsLive(row))
                {
                    var block = view.Block;
                    Append(blocks, block.Dimension, new FaceVector(block.Faces[row], block.Persons[row], block.Row(row).ToArray()));
                }
            }
        }
    }
}
