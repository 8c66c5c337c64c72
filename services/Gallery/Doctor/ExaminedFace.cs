using FaceCloud.Gallery.Index;
using FaceCloud.Gallery.Store;

namespace FaceCloud.Gallery.Doctor;

/// <param name="Face">Examined now.</param>
/// <param name="Quality">Its score.</param>
/// <param name="Own">All faces of its person.</param>
/// <param name="Others">Other persons whose best face it would match, best first.</param>
internal sealed record ExaminedFace(FaceVector Face, float Quality, PersonTemplates Own, IReadOnlyList<PersonMatch> Others);
