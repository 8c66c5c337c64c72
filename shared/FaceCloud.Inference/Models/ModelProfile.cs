namespace FaceCloud.Inference.Models;

/// <summary>How a family of public models wants to be fed, so that whoever adds one need not know it.</summary>
public sealed record ModelProfile
{
    /// <summary>What is said of a model of whose licence nothing is known.</summary>
    public const string UnknownLicence = "Unknown: you must find out before you use it.";

    public required string Name { get; init; }

    public required ModelKind Kind { get; init; }

    /// <summary>A line for people.</summary>
    public required string Summary { get; init; }

    public required int InputWidth { get; init; }

    public required int InputHeight { get; init; }

    public ColumnRange? Columns { get; init; }

    public required ChannelOrder ChannelOrder { get; init; }

    /// <summary>The same for all channels.</summary>
    public required float Mean { get; init; }

    public required float Std { get; init; }

    public DetectorOutputs? Outputs { get; init; }

    /// <summary>What is known of the licence of this family's usual files; null when it differs from file to file.</summary>
    public string? Licence { get; init; }

    public string? Note { get; init; }

    /// <summary>All there are.</summary>
    public static IReadOnlyList<ModelProfile> All { get; } =
    [
        new()
        {
            Name = "arcface",
            Kind = ModelKind.Encoder,
            Summary = "ArcFace and InsightFace encoders: 112 x 112 RGB, (x - 127.5) / 127.5",
            InputWidth = 112,
            InputHeight = 112,
            ChannelOrder = ChannelOrder.Rgb,
            Mean = 127.5f,
            Std = 127.5f,
            Licence = "Not stated. InsightFace gives its own models for non-commercial research only; for another file you must find out.",
        },
        new()
        {
            Name = "mobilefacenet",
            Kind = ModelKind.Encoder,
            Summary = "MobileFaceNet: 112 x 96 RGB (columns 8 to 103 of the crop), (x - 127.5) / 128",
            InputWidth = 96,
            InputHeight = 112,
            Columns = new ColumnRange(8, 103),
            ChannelOrder = ChannelOrder.Rgb,
            Mean = 127.5f,
            Std = 128,
        },
        new()
        {
            Name = "sface",
            Kind = ModelKind.Encoder,
            Summary = "OpenCV's SFace: 112 x 112 RGB, 0 to 255 as they are",
            InputWidth = 112,
            InputHeight = 112,
            ChannelOrder = ChannelOrder.Rgb,
            Mean = 0,
            Std = 1,
            Licence = "Not stated. OpenCV's model zoo gives its SFace under Apache-2.0, without saying what its training photos allow; for another file you must find out.",
        },
        new()
        {
            Name = "facenet",
            Kind = ModelKind.Encoder,
            Summary = "FaceNet as facenet-pytorch exports it: 160 x 160 RGB, (x - 127.5) / 128",
            InputWidth = 160,
            InputHeight = 160,
            ChannelOrder = ChannelOrder.Rgb,
            Mean = 127.5f,
            Std = 128,
            Licence = "Not stated. facenet-pytorch's code is MIT, its weights were trained on VGGFace2 or CASIA-WebFace, which are for research; for another file you must find out.",
            Note = "Its authors trained it on MTCNN's box with a margin, unaligned. Here it gets the aligned crop of 112 pixels enlarged to 160, so their accuracy figures do not hold: measure it, and calibrate it.",
        },
        new()
        {
            Name = "yunet",
            Kind = ModelKind.Detector,
            Summary = "YuNet: BGR, 0 to 255 as they are; outputs cls, obj, bbox, kps of strides 8, 16, 32",
            InputWidth = 640,
            InputHeight = 640,
            ChannelOrder = ChannelOrder.Bgr,
            Mean = 0,
            Std = 1,
            Outputs = DetectorOutputs.Yunet,
            Licence = "Not stated. YuNet is MIT in OpenCV's model zoo and Apache-2.0 at libfacedetection.train, trained on WIDER FACE; for another file you must find out.",
        },
        new()
        {
            Name = "scrfd",
            Kind = ModelKind.Detector,
            Summary = "InsightFace's SCRFD with points: RGB, (x - 127.5) / 128; nine outputs known by their shapes",
            InputWidth = 640,
            InputHeight = 640,
            ChannelOrder = ChannelOrder.Rgb,
            Mean = 127.5f,
            Std = 128,
            Outputs = DetectorOutputs.Scrfd,
            Licence = "Not stated. InsightFace gives its own models for non-commercial research only; for another file you must find out.",
            Note = "The quality gates' detector scores (Vision:Enrolment:MinConfidence and Vision:Probe:MinConfidence) were measured with YuNet; look at yours with 'facecloud detect'.",
        },
    ];

    /// <summary>The input as ONNX Runtime would write it.</summary>
    public string InputShape => Kind == ModelKind.Encoder ? $"float32 [N,3,{InputHeight},{InputWidth}]" : "float32 [N,3,height,width]";

    public static ModelProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);
}
