using System.Numerics;

namespace FaceCloud.Trainer.Samples.Drawing;

/// <summary>Hair of one person; lengths in pixels of the crop (a face is about 80 wide).</summary>
/// <param name="Kind">How it is worn.</param>
/// <param name="Colour">In plain light.</param>
/// <param name="Grey">Share of grey strands.</param>
/// <param name="Hairline">Height of its edge above the forehead's middle; smaller is higher.</param>
/// <param name="Volume">How far it stands off the head.</param>
/// <param name="Parting">Where it is parted, from the middle.</param>
/// <param name="Wave">How far long strands swing.</param>
/// <param name="Sweep">Where short strands lean, radians from straight up.</param>
/// <param name="Seed">Of the single strands.</param>
public sealed record HairStyle(HairKind Kind, Vector3 Colour, float Grey, float Hairline, float Volume, float Parting, float Wave, float Sweep, int Seed);
