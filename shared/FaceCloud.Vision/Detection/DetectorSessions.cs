using System.Threading.Channels;
using Microsoft.ML.OnnxRuntime;

namespace FaceCloud.Vision.Detection;

/// <summary>ONNX sessions of the detector, one a photo in work.</summary>
internal sealed class DetectorSessions : IDisposable
{
    private readonly Channel<InferenceSession> _free;
    private readonly InferenceSession[] _all;

    public DetectorSessions(string path, int count)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _free = Channel.CreateBounded<InferenceSession>(count);
        _all = new InferenceSession[count];
        for (var i = 0; i < count; i++)
        {
            _all[i] = new InferenceSession(path, options);
            _free.Writer.TryWrite(_all[i]);
        }
    }

    public ValueTask<InferenceSession> RentAsync(CancellationToken cancellationToken) => _free.Reader.ReadAsync(cancellationToken);

    public void Return(InferenceSession session) => _free.Writer.TryWrite(session);

    public void Dispose()
    {
        foreach (var session in _all)
        {
            session.Dispose();
        }
    }
}
