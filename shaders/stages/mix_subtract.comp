#version 450 core
// Every mask warped by its displacement field, mixed by weights of blocks, its ground taken off,
// less the live frame; and the noise of that. In one pass: what lies between stays in registers.
// The CPU's versions: dsp/motion/warp_rows.cpp, dsp/subtraction/ground.cpp and subtract.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

#include "displaced.glsl"

layout(r32f, binding = 2) readonly uniform image2DArray live;
layout(r8ui, binding = 3) readonly uniform uimage2DArray live_usable;
layout(r32f, binding = 4) writeonly uniform image2DArray mix_out;
layout(r8ui, binding = 5) writeonly uniform uimage2DArray usable_out;
layout(r32f, binding = 6) writeonly uniform image2DArray opacity_out;
layout(r32f, binding = 7) writeonly uniform image2DArray sigma_out;

layout(std430, binding = 1) readonly buffer Weights { float weights[]; };  // blocks of each mask
layout(std430, binding = 2) readonly buffer Noise { float variance[]; };   // of one frame

const int kMostMasks = 8;
uniform int count;
uniform int layer[kMostMasks];      // in `masks`
uniform int field_at[kMostMasks];   // first entry in `fields`
uniform int node_columns[kMostMasks];
uniform int node_rows[kMostMasks];
uniform int spacing_px[kMostMasks];
uniform int block_columns, block_rows, block_px;
uniform float drift;                // added to the live frame
uniform float offset;               // of the ground
uniform float shading[6];           // see dsp/subtraction/shading.h
uniform float noise_first, noise_per_step, noise_last;

// Centres of blocks: constant beyond the first and last.
Between between_blocks(int pixel, int blocks) {
    float at = clamp((float(pixel) + 0.5) / float(block_px) - 0.5, 0.0, float(blocks - 1));
    int first = int(at);
    return Between(first, min(first + 1, blocks - 1), at - float(first));
}

float block_column(int mask, int column, Between row) {
    int base = mask * block_columns * block_rows;
    float above = weights[base + row.first * block_columns + column];
    float below = weights[base + row.next * block_columns + column];
    return above + row.part * (below - above);
}

// The CPU looks at eight pixels of a row at once: one with a weight makes all eight ask for cover.
bool eight_have_weight(int mask, int x, int width, Between row, float weight) {
    int start = x / 8 * 8;
    if (width - start < 8) {
        return weight != 0.0;
    }
    Between first = between_blocks(start, block_columns);
    Between last = between_blocks(start + 7, block_columns);
    for (int column = first.first; column <= last.next; ++column) {
        if (block_column(mask, column, row) != 0.0) {
            return true;
        }
    }
    return false;
}

float unit(int i, int length) {
    return length > 1 ? 2.0 * float(i) / float(length - 1) - 1.0 : 0.0;
}

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 size = imageSize(live).xy;
    if (any(greaterThanEqual(at, size))) {
        return;
    }
    ivec3 texel = ivec3(at, 0);
    uint usable = imageLoad(live_usable, texel).r;
    Between block_x = between_blocks(at.x, block_columns);
    Between block_y = between_blocks(at.y, block_rows);
    float mixed = 0.0;
    float share = 0.0;
    for (int i = 0; i < count; ++i) {
        float left = block_column(i, block_x.first, block_y);
        float weight = left + block_x.part * (block_column(i, block_x.next, block_y) - left);
        bool covers = eight_have_weight(i, at.x, size.x, block_y, weight);
        if (weight == 0.0 && !covers) {
            continue;
        }
        Grid grid = Grid(field_at[i], node_columns[i], node_rows[i], spacing_px[i]);
        Place place = place_of(at, grid, 1.0, size);
        if (weight != 0.0) {
            mixed += weight * mask_at(layer[i], place, size);
            share += weight * weight;
        }
        if (covers && !is_covered(layer[i], place, size)) {
            usable = 0u;
        }
    }
    float u = unit(at.x, size.x);
    float v = unit(at.y, size.y);
    mixed -= offset;
    mixed -= shading[0] + u * (shading[1] + shading[3] * u + shading[4] * v) +
             v * (shading[2] + shading[5] * v);
    float entry = clamp((mixed - noise_first) * noise_per_step, 0.0, noise_last);
    imageStore(mix_out, texel, vec4(mixed));
    imageStore(usable_out, texel, uvec4(usable));
    imageStore(opacity_out, texel, vec4(mixed - (imageLoad(live, texel).r + drift)));
    imageStore(sigma_out, texel, vec4(sqrt((1.0 + share) * variance[int(entry)])));
}
