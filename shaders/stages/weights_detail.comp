#version 450 core
// Residues without their local mean; the last layer is the trust in a pixel, the same for all masks
// so that what they have in common stays in common.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray residues;
layout(r32f, binding = 1) readonly uniform image2DArray means;
layout(r32f, binding = 2) writeonly uniform image2DArray details;

uniform int count;           // of masks
uniform float least_trust;   // of the share of usable pixels
uniform float most_residue;  // beyond it, common to all masks, a residue counts less

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, imageSize(residues).xy))) {
        return;
    }
    float share = 1.0 / max(least_trust, imageLoad(means, ivec3(at, count)).r);
    float sum = 0.0;
    for (int i = 0; i < count; ++i) {
        float detail =
            imageLoad(residues, ivec3(at, i)).r - imageLoad(means, ivec3(at, i)).r * share;
        imageStore(details, ivec3(at, i), vec4(detail));
        sum += detail;
    }
    float away = sum / (float(count) * most_residue);
    float part = 1.0 + away * away;
    float common_part = imageLoad(residues, ivec3(at, count)).r;
    imageStore(details, ivec3(at, count), vec4(common_part / (part * part)));
}
