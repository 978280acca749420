#version 450 core
// Every mask warped by its displacement field, mixed by weights of blocks, its ground taken off,
// less the live frame; and the noise of that. In one pass: what lies between stays in registers.
// The CPU's versions: dsp/motion/warp_rows.cpp, dsp/subtraction/ground.cpp and subtract.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray masks;
layout(r8ui, binding = 1) readonly uniform uimage2DArray masks_usable;
layout(r32f, binding = 2) readonly uniform image2DArray live;
layout(r8ui, binding = 3) readonly uniform uimage2DArray live_usable;
layout(r32f, binding = 4) writeonly uniform image2DArray mix_out;
layout(r8ui, binding = 5) writeonly uniform uimage2DArray usable_out;
layout(r32f, binding = 6) writeonly uniform image2DArray opacity_out;
layout(r32f, binding = 7) writeonly uniform image2DArray sigma_out;

// Of all masks, one after the other: dx of each control point, then dy.
layout(std430, binding = 0) readonly buffer Fields { float fields[]; };
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

struct Between {
    int first, next;
    float part;
};

// Between control points along one axis; beyond the last the displacement is constant.
Between between_nodes(int pixel, int spacing, int nodes) {
    int node = pixel / spacing;
    int here = min(node, nodes - 1);
    return Between(here, min(here + 1, nodes - 1), float(pixel - node * spacing) / float(spacing));
}

Between between_rows(int pixel, int spacing, int nodes) {
    float at = min(float(pixel) / float(spacing), float(nodes - 1));
    int first = min(int(at), max(0, nodes - 2));
    return Between(first, min(first + 1, nodes - 1), at - float(first));
}

float node_at(int base, int columns, int column, Between row) {
    float above = fields[base + row.first * columns + column];
    float below = fields[base + row.next * columns + column];
    return above + row.part * (below - above);
}

float displacement(int base, int columns, Between x, Between y) {
    float left = node_at(base, columns, x.first, y);
    return left + x.part * (node_at(base, columns, x.next, y) - left);
}

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

// Catmull-Rom.
vec4 cubic(float t) {
    float t2 = t * t;
    float a = t * (t * (1.0 - 0.5 * t) - 0.5);
    float b = 1.0 + t2 * (1.5 * t - 2.5);
    float d = t2 * (0.5 * t - 0.5);
    return vec4(a, b, ((1.0 - b) - a) - d, d);
}

float warped(int mask_layer, ivec2 from, vec2 part, ivec2 last) {
    vec4 wx = cubic(part.x);
    vec4 wy = cubic(part.y);
    ivec4 columns = clamp(ivec4(from.x - 1, from.x, from.x + 1, from.x + 2), 0, last.x);
    float sum = 0.0;
    for (int j = 0; j < 4; ++j) {
        int y = clamp(from.y - 1 + j, 0, last.y);
        vec4 row = vec4(imageLoad(masks, ivec3(columns.x, y, mask_layer)).r,
                        imageLoad(masks, ivec3(columns.y, y, mask_layer)).r,
                        imageLoad(masks, ivec3(columns.z, y, mask_layer)).r,
                        imageLoad(masks, ivec3(columns.w, y, mask_layer)).r);
        sum += wy[j] * dot(wx, row);
    }
    return sum;
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
    float limit = float(2 * max(size.x, size.y));
    float mixed = 0.0;
    float share = 0.0;
    for (int i = 0; i < count; ++i) {
        float left = block_column(i, block_x.first, block_y);
        float weight = left + block_x.part * (block_column(i, block_x.next, block_y) - left);
        bool covers = eight_have_weight(i, at.x, size.x, block_y, weight);
        if (weight == 0.0 && !covers) {
            continue;
        }
        int columns = node_columns[i];
        Between x = between_nodes(at.x, spacing_px[i], columns);
        Between y = between_rows(at.y, spacing_px[i], node_rows[i]);
        vec2 shift = vec2(displacement(field_at[i], columns, x, y),
                          displacement(field_at[i] + columns * node_rows[i], columns, x, y));
        shift = clamp(shift, vec2(-limit), vec2(limit));
        vec2 whole = floor(shift);
        vec2 part = shift - whole;
        ivec2 from = at + ivec2(whole);
        if (weight != 0.0) {
            mixed += weight * warped(layer[i], from, part, size - 1);
            share += weight * weight;
        }
        ivec2 nearest = from + ivec2(part.x >= 0.5 ? 1 : 0, part.y >= 0.5 ? 1 : 0);
        bool inside = all(greaterThanEqual(nearest, ivec2(0))) && all(lessThan(nearest, size));
        if (covers && !(inside && imageLoad(masks_usable, ivec3(nearest, layer[i])).r != 0u)) {
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
