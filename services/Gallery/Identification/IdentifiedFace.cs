using FaceCloud.Gallery.Decisions;
using FaceCloud.Gallery.Probes;

namespace FaceCloud.Gallery.Identification;

/// <param name="Outcome">Of this face.</param>
/// <param name="Face">That was looked at.</param>
/// <param name="Candidates">Best first.</param>
public sealed record IdentifiedFace(IdentificationOutcome Outcome, ProbeFace Face, IReadOnlyList<Candidate> Candidates);
