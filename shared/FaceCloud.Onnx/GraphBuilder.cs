using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using FaceCloud.Onnx.Format;
using Google.Protobuf;
using static FaceCloud.Onnx.Format.AttributeProto.Types;

namespace FaceCloud.Onnx;

/// <summary>
/// Writes a float32 network as an ONNX model, node by node in the order of computation (operators of opset 13).
/// Same calls, same bytes.
/// </summary>
public sealed class GraphBuilder(string name, WeightStorage storage = WeightStorage.Full)
{
    /// <summary>Smaller constants are never worth rounding.</summary>
    private const int LeastRounded = 1024;

    private const long IrVersion = 8;
    private const long Opset = 13;

    private readonly GraphProto _graph = new() { Name = name };
    private int _count;

    /// <summary>float32 input of the model.</summary>
    public Value Input(string inputName, params ReadOnlySpan<Dimension> shape)
    {
        _graph.Input.Add(Describe(inputName, shape));
        return new Value(inputName);
    }

    /// <summary>Makes a value an output of the model under the given name.</summary>
    public void Output(string outputName, Value value, params ReadOnlySpan<Dimension> shape)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Name = outputName, Input = { value.Name }, Output = { outputName } });
        _graph.Output.Add(Describe(outputName, shape));
    }

    /// <summary>float32 weights, row-major.</summary>
    /// <exception cref="ArgumentException">The shape holds another number of elements, or a value is too large for float16.</exception>
    public Value Constant(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        if (storage == WeightStorage.Half && values.Length >= LeastRounded)
        {
            return HalfConstant(values, shape);
        }

        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return Initializer(TensorProto.Types.DataType.Float, bytes, values.Length, shape);
    }

    /// <summary>int8 weights, row-major.</summary>
    public Value Constant(ReadOnlySpan<sbyte> values, params ReadOnlySpan<long> shape) =>
        Initializer(TensorProto.Types.DataType.Int8, MemoryMarshal.AsBytes(values).ToArray(), values.Length, shape);

    /// <summary>int32 numbers, row-major.</summary>
    public Value Constant(ReadOnlySpan<int> values, params ReadOnlySpan<long> shape)
    {
        var bytes = new byte[values.Length * sizeof(int)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), values[i]);
        }

        return Initializer(TensorProto.Types.DataType.Int32, bytes, values.Length, shape);
    }

    /// <summary>
    /// float32 → uint8 → float32 with one scale and zero point: x becomes (round(x / scale) + zero) in 0…255. Around convolutions and sums
    /// such pairs make ONNX Runtime compute in 8 bits.
    /// </summary>
    public Value RoundTrip(Value input, float scale, byte zero)
    {
        var factor = Scalarlike(scale);
        var offset = Initializer(TensorProto.Types.DataType.Uint8, [zero], 1, []);
        var quantised = Node("QuantizeLinear", [input, factor, offset]);
        return Node("DequantizeLinear", [quantised, factor, offset]);
    }

    /// <summary>Integers times a scale for each index of the first axis.</summary>
    /// <param name="integers">int8 or int32 constant.</param>
    /// <param name="scales">One for each index of the first axis.</param>
    public Value Dequantise(Value integers, ReadOnlySpan<float> scales)
    {
        var factors = Initializer(TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(scales).ToArray(), scales.Length, [scales.Length]);
        return Node("DequantizeLinear", [integers, factors], Integer("axis", 0));
    }

    /// <summary>A single float32 that spreads over any shape.</summary>
    public Value Scalar(float value) => Constant([value]);

    /// <summary>int64 list, for shapes and indices.</summary>
    public Value Integers(params ReadOnlySpan<long> values)
    {
        var bytes = new byte[values.Length * sizeof(long)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return Initializer(TensorProto.Types.DataType.Int64, bytes, values.Length, [values.Length]);
    }

    /// <param name="input">[N,C,H,W].</param>
    /// <param name="weights">[M,C/group,kH,kW].</param>
    /// <param name="bias">[M], or none.</param>
    /// <param name="strides">Down and right.</param>
    /// <param name="pads">Top, left, bottom, right.</param>
    /// <param name="group">C for a depthwise convolution.</param>
    public Value Conv(Value input, Value weights, Value? bias, (int Y, int X) strides, (int Top, int Left, int Bottom, int Right) pads, int group = 1)
    {
        Value[] inputs = bias is { } given ? [input, weights, given] : [input, weights];
        return Node(
            "Conv",
            inputs,
            Integers("strides", strides.Y, strides.X),
            Integers("pads", pads.Top, pads.Left, pads.Bottom, pads.Right),
            Integer("group", group));
    }

    /// <param name="input">[N,K].</param>
    /// <param name="weights">[M,K]: as a fully connected layer keeps them.</param>
    /// <param name="bias">[M].</param>
    public Value Gemm(Value input, Value weights, Value bias) =>
        Node("Gemm", [input, weights, bias], Integer("transB", 1));

    public Value AveragePool(Value input, (int Y, int X) kernel, (int Y, int X) strides) =>
        Node("AveragePool", [input], Integers("kernel_shape", kernel.Y, kernel.X), Integers("strides", strides.Y, strides.X));

    public Value MaxPool(Value input, (int Y, int X) kernel, (int Y, int X) strides) =>
        Node("MaxPool", [input], Integers("kernel_shape", kernel.Y, kernel.X), Integers("strides", strides.Y, strides.X));

    public Value GlobalAveragePool(Value input) => Node("GlobalAveragePool", [input]);

    /// <param name="input">[N,C,H,W].</param>
    /// <param name="slopes">[C,1,1].</param>
    public Value PRelu(Value input, Value slopes) => Node("PRelu", [input, slopes]);

    public Value Relu(Value input) => Node("Relu", [input]);

    public Value Sigmoid(Value input) => Node("Sigmoid", [input]);

    public Value Abs(Value input) => Node("Abs", [input]);

    public Value Sqrt(Value input) => Node("Sqrt", [input]);

    public Value Log(Value input) => Node("Log", [input]);

    public Value Add(Value left, Value right) => Node("Add", [left, right]);

    public Value Subtract(Value left, Value right) => Node("Sub", [left, right]);

    public Value Multiply(Value left, Value right) => Node("Mul", [left, right]);

    public Value Divide(Value left, Value right) => Node("Div", [left, right]);

    public Value Minimum(Value left, Value right) => Node("Min", [left, right]);

    public Value Maximum(Value left, Value right) => Node("Max", [left, right]);

    /// <param name="input">Any.</param>
    /// <param name="shape">0 keeps an axis, -1 takes what is left.</param>
    public Value Reshape(Value input, params ReadOnlySpan<long> shape) => Node("Reshape", [input, Integers(shape)]);

    public Value Transpose(Value input, params ReadOnlySpan<long> order) => Node("Transpose", [input], Integers("perm", order));

    public Value Flatten(Value input) => Node("Flatten", [input], Integer("axis", 1));

    public Value Concat(int axis, params ReadOnlySpan<Value> inputs) => Node("Concat", inputs, Integer("axis", axis));

    /// <summary>Columns start (inclusive) to end (exclusive) of one axis.</summary>
    public Value Slice(Value input, int axis, long start, long end) =>
        Node("Slice", [input, Integers(start), Integers(end), Integers(axis)]);

    /// <summary>The model. <paramref name="metadata"/> travels in the file and does not change what it computes.</summary>
    public ModelProto ToModel(IReadOnlyDictionary<string, string>? metadata = null)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "FaceCloud",
            Graph = _graph.Clone(),
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = Opset } },
        };
        foreach (var (key, value) in (metadata ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return model;
    }

    public byte[] ToBytes(IReadOnlyDictionary<string, string>? metadata = null) => ToModel(metadata).ToByteArray();

    private static AttributeProto Integer(string attribute, long value) =>
        new() { Name = attribute, Type = AttributeType.Int, I = value };

    private static AttributeProto Integers(string attribute, params ReadOnlySpan<long> values)
    {
        var list = new AttributeProto { Name = attribute, Type = AttributeType.Ints };
        list.Ints.AddRange(values.ToArray());
        return list;
    }

    private static ValueInfoProto Describe(string valueName, ReadOnlySpan<Dimension> shape)
    {
        var axes = new TensorShapeProto();
        foreach (var axis in shape)
        {
            axes.Dim.Add(axis.Length is { } length
                ? new TensorShapeProto.Types.Dimension { DimValue = length }
                : new TensorShapeProto.Types.Dimension { DimParam = axis.Name });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = axes };
        return new ValueInfoProto { Name = valueName, Type = new TypeProto { TensorType = tensor } };
    }

    private Value Node(string type, ReadOnlySpan<Value> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var output = NextName(type);
        var node = new NodeProto { OpType = type, Name = output, Output = { output } };
        foreach (var input in inputs)
        {
            node.Input.Add(input.Name);
        }

        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        _graph.Node.Add(node);
        return new Value(output);
    }

    private Value HalfConstant(ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        var bytes = new byte[values.Length * 2];
        for (var i = 0; i < values.Length; i++)
        {
            var half = (Half)values[i];
            if (!Half.IsFinite(half))
            {
                throw new ArgumentException($"{values[i]} cannot be kept as float16.", nameof(values));
            }

            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * 2), half);
        }

        return Node(
            "Cast",
            [Initializer(TensorProto.Types.DataType.Float16, bytes, values.Length, shape)],
            Integer("to", (long)TensorProto.Types.DataType.Float));
    }

    /// <summary>A constant without axes, as scales of whole tensors must be.</summary>
    private Value Scalarlike(float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Initializer(TensorProto.Types.DataType.Float, bytes, 1, []);
    }

    private Value Initializer(TensorProto.Types.DataType type, byte[] bytes, int elements, ReadOnlySpan<long> shape)
    {
        long expected = 1;
        foreach (var length in shape)
        {
            expected *= length;
        }

        if (expected != elements)
        {
            throw new ArgumentException($"The shape [{string.Join(',', shape.ToArray())}] holds {expected} elements, {elements} were given.", nameof(shape));
        }

        var tensor = new TensorProto { Name = NextName("constant"), DataType = (int)type, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        tensor.Dims.AddRange(shape.ToArray());
        _graph.Initializer.Add(tensor);
        return new Value(tensor.Name);
    }

    private string NextName(string type) => string.Create(CultureInfo.InvariantCulture, $"{type}_{_count++}");
}
