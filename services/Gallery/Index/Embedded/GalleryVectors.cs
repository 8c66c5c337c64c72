using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// The faces of one gallery. Writers take a lock and publish a new snapshot; readers take the current one and are never stopped.
/// </summary>
internal sealed class GalleryVectors
{
    // Fewer deleted rows than this are not worth a copy of the rest.
    private const int WorthCompacting = 1024;

    private readonly Lock _writing = new();
    private Dictionary<Guid, int> _rows = [];
    private PersonTable _persons = new();
    private GallerySnapshot _current = GallerySnapshot.Empty;
    private int _deletedRows;

    public GalleryVectors() => Searches = new SearchQueue(this);

    public GallerySnapshot Current => Volatile.Read(ref _current);

    public SearchQueue Searches { get; }

    /// <exception cref="ArgumentException">An embedding of another length than the gallery's, or of none.</exception>
    public void Upsert(IReadOnlyList<FaceVector> faces)
    {
        if (faces.Count == 0)
        {
            return;
        }

        lock (_writing)
        {
            var blocks = _current.Blocks;
            var dimension = blocks.Length > 0 ? blocks[0].Block.Dimension : faces[0].Embedding.Length;
            if (dimension == 0 || faces.Any(face => face.Embedding.Length != dimension))
            {
                throw new ArgumentException($"Every embedding of this gallery must have {dimension} values.", nameof(faces));
            }

            var edit = new GalleryEdit(blocks);
            var codes = new sbyte[dimension];
            foreach (var face in faces)
            {
                Remove(edit, face.FaceId);
                Append(edit, face.FaceId, face.PersonId, new EncodedVector(face.Embedding, codes));
            }

            Publish(edit);
        }
    }

    public void DeleteFaces(IEnumerable<Guid> faceIds)
    {
        lock (_writing)
        {
            var edit = new GalleryEdit(_current.Blocks);
            foreach (var faceId in faceIds)
            {
                Remove(edit, faceId);
            }

            Publish(edit);
        }
    }

    public void DeletePerson(string personId)
    {
        lock (_writing)
        {
            var edit = new GalleryEdit(_current.Blocks);
            foreach (var row in _persons.Rows(personId).Where(edit.IsLive).ToList())
            {
                Remove(edit, edit.ViewOf(row).Block.Faces[row % VectorBlock.MaxRows]);
            }

            Publish(edit);
        }
    }

    /// <summary>All faces of the current state; copies of their embeddings where they are asked for.</summary>
    public IEnumerable<IndexedFace> Read(bool withEmbeddings)
    {
        var snapshot = Current;
        foreach (var view in snapshot.Blocks)
        {
            for (var row = 0; row < view.Rows; row++)
            {
                if (view.IsLive(row))
                {
                    var block = view.Block;
                    yield return new IndexedFace(block.Faces[row], snapshot.Persons[block.Persons[row]], withEmbeddings ? block.Row(row).ToArray() : null);
                }
            }
        }
    }

    /// <summary>Those of the ids that are here.</summary>
    public HashSet<Guid> Find(IEnumerable<Guid> faceIds)
    {
        lock (_writing)
        {
            return [.. faceIds.Where(_rows.ContainsKey)];
        }
    }

    private void Append(GalleryEdit edit, Guid faceId, string personId, EncodedVector vector)
    {
        var row = edit.NextRow;
        edit.Append(faceId, _persons.Add(personId, row), vector);
        _rows[faceId] = row;
    }

    private void Remove(GalleryEdit edit, Guid faceId)
    {
        if (_rows.Remove(faceId, out var row))
        {
            _persons.RemoveFace(edit.ViewOf(row).Block.Persons[row % VectorBlock.MaxRows]);
            edit.Delete(row);
            _deletedRows++;
        }
    }

    private void Publish(GalleryEdit edit)
    {
        if (_rows.Count == 0)
        {
            edit = new GalleryEdit([]);
            (_persons, _deletedRows) = (new PersonTable(), 0);
        }
        else if (_deletedRows > WorthCompacting && _deletedRows > _rows.Count / 2)
        {
            edit = Compacted(edit);
        }

        // The release write makes all rows above visible before the snapshot that counts them.
        Volatile.Write(ref _current, new GallerySnapshot(edit.ToBlocks(), _persons.Names, new IndexSize(_persons.Count, _rows.Count)));
    }

    // Into new blocks and tables: readers of the old ones go on undisturbed.
    private GalleryEdit Compacted(GalleryEdit edit)
    {
        var (names, compacted) = (_persons.Names, new GalleryEdit([]));
        (_rows, _persons, _deletedRows) = (new Dictionary<Guid, int>(_rows.Count), new PersonTable(), 0);
        foreach (var view in edit.ToBlocks())
        {
            var block = view.Block;
            var codes = new sbyte[block.Dimension];
            for (var row = 0; row < view.Rows; row++)
            {
                if (view.IsLive(row))
                {
                    Append(compacted, block.Faces[row], names[block.Persons[row]], new EncodedVector(block.Row(row), codes));
                }
            }
        }

        return compacted;
    }
}
