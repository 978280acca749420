#version 450 core
// The frame on the coarse grid of the findings: means over square bins of the pixels that are
// usable and numbers, and their variance. One invocation two bins. The CPU's version: bin() in
// dsp/opacification/work_grid.cpp.
layout(local_size_x = 128) in;

#include "subtracted.glsl"

uniform int columns, rows;  // of bins
uniform int factor;         // pixels along a side
uniform int transposed;     // 1: a row of bins is a column of pixels
uniform float scale;        // of variances, so that half the bits hold them

struct Bin {
    float mean, variance;
    bool valid;
};

Bin bin_at(ivec2 from) {
    float sum = 0.0;
    float variance = 0.0;
    int count = 0;
    for (int y = from.y; y < from.y + factor; ++y) {
        for (int x = from.x; x < from.x + factor; ++x) {
            float value = opacity_at(ivec2(x, y));
            if (usable_at(ivec2(x, y)) && !isnan(value) && !isinf(value)) {
                float deviation = sigma_at(ivec2(x, y));
                sum += value;
                variance += deviation * deviation;
                ++count;
            }
        }
    }
    if (2 * count < factor * factor || count == 0) {
        return Bin(0.0, 0.0, false);
    }
    float n = float(count);
    return Bin(sum / n, variance / (n * n), true);
}

void main() {
    int pair = int(gl_GlobalInvocationID.x);
    int count = columns * rows;
    if (2 * pair >= count) {
        return;
    }
    vec2 variances = vec2(-1.0);  // no measurement
    for (int i = 0; i < 2 && 2 * pair + i < count; ++i) {
        int index = 2 * pair + i;
        int row = index / columns;
        ivec2 at = ivec2(index - row * columns, row);
        Bin bin = bin_at(factor * (transposed != 0 ? at.yx : at));
        put(index, bin.mean);
        if (bin.valid) {
            variances[i] = min(bin.variance * scale, 65000.0);
        }
    }
    sums[first + count + pair] = packHalf2x16(variances);
}
