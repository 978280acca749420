#version 450 core
// Opacity at half resolution, means over 2 x 2 pixels. The CPU's version: halve() in
// dsp/subtraction/half_resolution.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

#include "subtracted.glsl"

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 size = imageSize(opacity).xy;
    ivec2 half_size = max(ivec2(1), size / 2);
    if (any(greaterThanEqual(at, half_size))) {
        return;
    }
    ivec2 a = 2 * at;
    ivec2 d = min(a + 1, size - 1);
    float sum = opacity_at(a) + opacity_at(ivec2(d.x, a.y)) + opacity_at(ivec2(a.x, d.y)) +
                opacity_at(d);
    put(at.y * half_size.x + at.x, 0.25 * sum);
}
