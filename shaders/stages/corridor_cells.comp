#version 450 core
// What registration leaves, over cells of 4 x 4 bins of 4 x 4 px: one work group a cell, one
// invocation a bin. The CPU's version, with the definitions: dsp/opacification/corridor.cpp.
layout(local_size_x = 4, local_size_y = 4) in;

#include "subtracted.glsl"

layout(r32f, binding = 3) readonly uniform image2DArray mask_registered;

const int kBin_px = 4;
const int kCell_px = 16;
const int kBins = 16;
const int kWords = 7;  // of a cell
const float kShare = 1.0 / 16.0;

struct Bin {
    float opacity, variance, gradient, negative_square, negative_variance;
};
shared Bin bins[kBins];
shared bool good[kBins];

float mask_at(int x, int y) {
    return imageLoad(mask_registered, ivec3(x, y, 0)).r;
}

float mask_down(ivec2 from, int x) {
    float sum = 0.0;
    for (int y = from.y; y < from.y + kBin_px; ++y) {
        sum += mask_at(x, y);
    }
    return sum;
}

float sum_of(float columns[kBin_px]) {
    return (columns[0] + columns[1]) + (columns[2] + columns[3]);
}

bool all_usable(ivec2 from) {
    for (int i = 0; i < kBin_px * kBin_px; ++i) {
        if (!usable_at(from + ivec2(i % kBin_px, i / kBin_px))) {
            return false;
        }
    }
    return true;
}

// There is one pixel more on each side.
Bin bin_at(ivec2 from) {
    float value[kBin_px];
    float variance[kBin_px];
    float square[kBin_px];
    float below[kBin_px];
    float down[kBin_px];
    for (int i = 0; i < kBin_px; ++i) {
        int x = from.x + i;
        value[i] = variance[i] = square[i] = below[i] = 0.0;
        for (int y = from.y; y < from.y + kBin_px; ++y) {
            float o = opacity_at(ivec2(x, y));
            float s = sigma_at(ivec2(x, y));
            value[i] += o;
            variance[i] += s * s;
            square[i] += o < 0.0 ? o * o : 0.0;
            below[i] += o < 0.0 ? s * s : 0.0;
        }
        down[i] = 0.5 * ((mask_at(x, from.y + kBin_px) + mask_at(x, from.y + kBin_px - 1)) -
                         (mask_at(x, from.y) + mask_at(x, from.y - 1)));
    }
    float pixel_variance = kShare * sum_of(variance);
    float gx = 0.5 * ((mask_down(from, from.x + 4) + mask_down(from, from.x + 3)) -
                      (mask_down(from, from.x) + mask_down(from, from.x - 1)));
    float gy = sum_of(down);
    float gradient = kShare * kShare * (gx * gx + gy * gy) - pixel_variance / 64.0;
    return Bin(kShare * sum_of(value), kShare * pixel_variance, gradient, sum_of(square),
               sum_of(below));
}

void put_cell(int cell) {
    float square = 0.0, variance = 0.0, bin_square = 0.0, bin_variance = 0.0, gradient = 0.0;
    float sum = 0.0, squares = 0.0, variances = 0.0;
    uint negative = 0u;
    uint count = 0u;
    for (int i = 0; i < kBins; ++i) {
        if (!good[i]) {
            continue;
        }
        Bin bin = bins[i];
        ++count;
        gradient += bin.gradient;
        square += bin.negative_square;
        variance += bin.negative_variance;
        sum += bin.opacity;
        squares += bin.opacity * bin.opacity;
        variances += bin.variance;
        if (bin.opacity < 0.0) {
            bin_square += bin.opacity * bin.opacity;
            bin_variance += bin.variance;
            ++negative;
        }
    }
    float n = float(kBins);
    bool spread = count == uint(kBins) && variances > 0.0;
    put(kWords * cell, square);
    put(kWords * cell + 1, variance);
    put(kWords * cell + 2, bin_square);
    put(kWords * cell + 3, bin_variance);
    put(kWords * cell + 4, gradient);
    put(kWords * cell + 5, spread ? (squares - sum * sum / n) / (n - 1.0) / (variances / n) : 0.0);
    sums[first + kWords * cell + 6] = negative | (count << 8);
}

void main() {
    ivec2 from = ivec2(gl_WorkGroupID.xy) * kCell_px + ivec2(gl_LocalInvocationID.xy) * kBin_px;
    uint mine = gl_LocalInvocationIndex;
    bool inside = all(greaterThanEqual(from, ivec2(kBin_px))) &&
                  all(lessThan(from + kBin_px, imageSize(opacity).xy));
    good[mine] = inside && all_usable(from);
    if (good[mine]) {
        bins[mine] = bin_at(from);
    }
    barrier();
    if (mine == 0u) {
        put_cell(int(gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x));
    }
}
