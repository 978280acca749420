#version 450 core
// Weighted sums of the normal equations over cells of 8 x 8 pixels around each control point: one
// work group a cell, one invocation a pixel. The CPU's version, with the definitions:
// dsp/motion/normal_cells.h.
layout(local_size_x = 8, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray mask_registered;
layout(r32f, binding = 1) readonly uniform image2DArray live;
layout(r32f, binding = 2) readonly uniform image2DArray usable;  // 1 or 0
layout(std430, binding = 0) readonly buffer Offsets { float offsets[]; };  // by control point
layout(std430, binding = 1) buffer Sums {
    float scale;   // of the residuals; see residual_scale.comp
    float sums[];  // nine planes of control points
};

uniform float drift;                        // added to the live frame
uniform float limit_contrast, limit_other;  // 1 / limit^2 of Tukey's weights at scale 1

const int kPlanes = 9;
const uint kPixels = 64u;
shared float part[kPlanes][kPixels];

float mask_at(ivec2 at) {
    return imageLoad(mask_registered, ivec3(at, 0)).r;
}

void main() {
    ivec2 size = imageSize(live).xy;
    ivec2 nodes = ivec2(gl_NumWorkGroups.xy);
    ivec2 cell = ivec2(gl_WorkGroupID.xy);
    ivec2 at = cell * 8 - 4 + ivec2(gl_LocalInvocationID.xy);
    uint mine = gl_LocalInvocationIndex;
    for (int p = 0; p < kPlanes; ++p) {
        part[p][mine] = 0.0;
    }
    // Gradients need a neighbour on either side.
    if (all(greaterThanEqual(at, ivec2(1))) && all(lessThan(at, size - 1))) {
        float r = mask_at(at) - (imageLoad(live, ivec3(at, 0)).r + drift);
        float deviation = r - offsets[cell.y * nodes.x + cell.x];
        float limit = (deviation > 0.0 ? limit_contrast : limit_other) / (scale * scale);
        float inside = max(0.0, 1.0 - deviation * deviation * limit);
        float w = inside * inside * imageLoad(usable, ivec3(at, 0)).r;
        float gx = 0.5 * (mask_at(at + ivec2(1, 0)) - mask_at(at - ivec2(1, 0)));
        float gy = 0.5 * (mask_at(at + ivec2(0, 1)) - mask_at(at - ivec2(0, 1)));
        part[0][mine] = w * gx * gx;
        part[1][mine] = w * gx * gy;
        part[2][mine] = w * gy * gy;
        part[3][mine] = w * gx;
        part[4][mine] = w * gy;
        part[5][mine] = w * gx * r;
        part[6][mine] = w * gy * r;
        part[7][mine] = w * r;
        part[8][mine] = w;
    }
    barrier();
    for (uint reach = kPixels / 2u; reach > 0u; reach /= 2u) {
        if (mine < reach) {
            for (int p = 0; p < kPlanes; ++p) {
                part[p][mine] += part[p][mine + reach];
            }
        }
        barrier();
    }
    if (mine < uint(kPlanes)) {
        sums[(int(mine) * nodes.y + cell.y) * nodes.x + cell.x] = part[mine][0];
    }
}
