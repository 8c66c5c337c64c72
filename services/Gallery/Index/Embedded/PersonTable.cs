namespace FaceCloud.Gallery.Index.Embedded;

/// <summary>
/// Numbers for the persons of a gallery, and the rows of each. A number is never used again, so that readers of an older
/// state still find its name; compaction begins a new table. The writer's own, but for <see cref="Names"/>.
/// </summary>
internal sealed class PersonTable
{
    private const int None = -1;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private int[] _faces = [];
    private int[] _firstRow = [];
    private int[] _nextRow = [];
    private int _numbered;

    /// <summary>Persons with a face.</summary>
    public int Count { get; private set; }

    /// <summary>By number. Entries are only ever added, to this array or to a longer one.</summary>
    public string[] Names { get; private set; } = [];

    /// <returns>The person's number.</returns>
    public int Add(string personId, int row)
    {
        if (!_numbers.TryGetValue(personId, out var number))
        {
            number = _numbered++;
            _numbers.Add(personId, number);
            if (number == Names.Length)
            {
                Names = Longer(Names, number + 1);
                _faces = Longer(_faces, Names.Length);
                _firstRow = Longer(_firstRow, Names.Length);
            }

            Names[number] = personId;
            _firstRow[number] = None;
        }

        if (row >= _nextRow.Length)
        {
            _nextRow = Longer(_nextRow, row + 1);
        }

        _nextRow[row] = _firstRow[number];
        _firstRow[number] = row;
        if (_faces[number]++ == 0)
        {
            Count++;
        }

        return number;
    }

    public void RemoveFace(int number)
    {
        if (--_faces[number] == 0)
        {
            Count--;
            _numbers.Remove(Names[number]);
        }
    }

    /// <summary>All rows that the person ever had here, deleted ones too.</summary>
    public IEnumerable<int> Rows(string personId)
    {
        if (_numbers.TryGetValue(personId, out var number))
        {
            for (var row = _firstRow[number]; row != None; row = _nextRow[row])
            {
                yield return row;
            }
        }
    }

    // By a quarter: large tables are most of what an index has beside vectors.
    private static T[] Longer<T>(T[] values, int needed)
    {
        var longer = new T[Math.Max(needed, Math.Max(16, values.Length + (values.Length / 4)))];
        values.CopyTo(longer, 0);
        return longer;
    }
}
