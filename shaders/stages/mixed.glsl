// Masks seen through their fields and mixed by weights of blocks, for the shaders that include it.
// The CPU's version: warp_weighted() in dsp/motion/warp.cpp.

#include "displaced.glsl"

layout(std430, binding = 1) readonly buffer Weights { float weights[]; };  // blocks of each mask

const int kMostMasks = 8;
uniform int count;
uniform int layer[kMostMasks];      // in `masks`
uniform int field_at[kMostMasks];   // first entry in `fields`
uniform int node_columns[kMostMasks];
uniform int node_rows[kMostMasks];
uniform int spacing_px[kMostMasks];  // pixels of the picture between control points
uniform float field_scale;           // of the fields' values, to pixels of the picture
uniform int block_columns, block_rows, block_px;

struct Mix {
    float value;   // sum of weight times mask
    float share;   // sum of the squares of the weights
    uint covered;  // 0 where a mask with a weight within eight pixels is not usable
};

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

Mix mix_at(ivec2 at, ivec2 size) {
    Mix here = Mix(0.0, 0.0, 1u);
    Between block_x = between_blocks(at.x, block_columns);
    Between block_y = between_blocks(at.y, block_rows);
    for (int i = 0; i < count; ++i) {
        float left = block_column(i, block_x.first, block_y);
        float weight = left + block_x.part * (block_column(i, block_x.next, block_y) - left);
        bool covers = eight_have_weight(i, at.x, size.x, block_y, weight);
        if (weight == 0.0 && !covers) {
            continue;
        }
        Grid grid = Grid(field_at[i], node_columns[i], node_rows[i], spacing_px[i]);
        Place place = place_of(at, grid, field_scale, size);
        if (weight != 0.0) {
            here.value += weight * mask_at(layer[i], place, size);
            here.share += weight * weight;
        }
        if (covers && !is_covered(layer[i], place, size)) {
            here.covered = 0u;
        }
    }
    return here;
}
