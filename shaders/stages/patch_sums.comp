#version 450 core
// Squares of negative opacity, of the noise there, and how many pixels that is, over patches: what
// the artefact ratio of a frame is made of. One work group a patch. The CPU's version:
// find_artefact() in dsp/subtraction/subtract.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

#include "subtracted.glsl"

uniform int patch_px;

const uint kInvocations = 256u;
shared vec3 part[kInvocations];

void main() {
    ivec2 size = imageSize(opacity).xy;
    ivec2 from = ivec2(gl_WorkGroupID.xy) * patch_px;
    ivec2 to = min(size, from + patch_px);
    vec3 sum = vec3(0.0);
    for (int y = from.y + int(gl_LocalInvocationID.y); y < to.y; y += 8) {
        for (int x = from.x + int(gl_LocalInvocationID.x); x < to.x; x += 32) {
            float value = opacity_at(ivec2(x, y));
            // Chosen, not multiplied by 0: what is not usable need not be a number.
            if (value < 0.0 && usable_at(ivec2(x, y))) {
                float deviation = sigma_at(ivec2(x, y));
                sum += vec3(value * value, deviation * deviation, 1.0);
            }
        }
    }
    uint mine = gl_LocalInvocationIndex;
    part[mine] = sum;
    barrier();
    for (uint reach = kInvocations / 2u; reach > 0u; reach /= 2u) {
        if (mine < reach) {
            part[mine] += part[mine + reach];
        }
        barrier();
    }
    if (mine < 3u) {
        int group = int(gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x);
        put(3 * group + int(mine), part[0][mine]);
    }
}
