using Grpc.Core;
using Qdrant.Client.Grpc;

namespace FaceCloud.FakeQdrant.Storage;

/// <summary>Numbers come before UUIDs; UUIDs as 128-bit numbers.</summary>
internal readonly record struct PointKey(bool IsUuid, UInt128 Value) : IComparable<PointKey>
{
    public static PointKey Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return new PointKey(true, System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    public static PointKey Of(PointId id) => id.PointIdOptionsCase switch
    {
        PointId.PointIdOptionsOneofCase.Num => new PointKey(false, id.Num),
        PointId.PointIdOptionsOneofCase.Uuid when Guid.TryParse(id.Uuid.Replace("urn:uuid:", "", StringComparison.Ordinal), out var uuid) => Of(uuid),
        _ => throw new RpcException(new Status(StatusCode.InvalidArgument, $"Unable to parse UUID: {id.Uuid}")),
    };

    public PointId ToProto()
    {
        if (!IsUuid)
        {
            return new PointId { Num = (ulong)Value };
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return new PointId { Uuid = new Guid(bytes, bigEndian: true).ToString() };
    }

    public int CompareTo(PointKey other) => IsUuid == other.IsUuid ? Value.CompareTo(other.Value) : IsUuid ? 1 : -1;
}
