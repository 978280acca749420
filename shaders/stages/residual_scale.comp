#version 450 core
// 1.4826 times the median absolute residual over about a thousand pixels, not below `least`: the
// very element the CPU takes, found by its bits, eight at a time from the highest. One work group.
// The CPU's version: residual_scale() in dsp/motion/normal_cells.cpp.
layout(local_size_x = 256) in;

layout(r32f, binding = 0) readonly uniform image2DArray mask_registered;
layout(r32f, binding = 1) readonly uniform image2DArray live;
layout(r32f, binding = 2) readonly uniform image2DArray usable;  // 1 or 0
layout(std430, binding = 1) writeonly buffer Sums { float scale; };

uniform float drift;  // added to the live frame
uniform float least;
uniform int stride_px;  // pixels between samples, each way

const uint kInvocations = 256u;
const uint kMost = 4096u;  // samples
const uint kNone = 0xFFFFFFFFu;
const float kToDeviation = 1.4826;
shared uint bits_of[kMost];
shared uint histogram[256];
shared uint count, rank, found;

void gather(uint mine, uint samples, int columns) {
    for (uint i = mine; i < samples; i += kInvocations) {
        int row = int(i) / columns;
        ivec3 at = ivec3(stride_px / 2 + stride_px * ivec2(int(i) - row * columns, row), 0);
        uint bits = kNone;
        if (imageLoad(usable, at).r != 0.0) {
            bits = floatBitsToUint(
                abs(imageLoad(mask_registered, at).r - (imageLoad(live, at).r + drift)));
            atomicAdd(count, 1u);
        }
        bits_of[i] = bits;
    }
}

// The element of that rank among those whose higher bits have been found.
void choose(int shift) {
    uint bucket = 0u;
    while (bucket < 255u && rank >= histogram[bucket]) {
        rank -= histogram[bucket];
        ++bucket;
    }
    found |= bucket << shift;
}

void main() {
    uint mine = gl_LocalInvocationIndex;
    ivec2 size = imageSize(live).xy;
    ivec2 grid = (size - stride_px / 2 + stride_px - 1) / stride_px;
    uint samples = min(kMost, uint(grid.x * grid.y));
    if (mine == 0u) {
        count = 0u;
        found = 0u;
    }
    barrier();
    gather(mine, samples, grid.x);
    barrier();
    if (mine == 0u) {
        rank = count / 2u;
    }
    for (int shift = 24; shift >= 0; shift -= 8) {
        histogram[mine] = 0u;
        barrier();
        uint known = shift == 24 ? 0u : kNone << (shift + 8);
        for (uint i = mine; i < samples; i += kInvocations) {
            uint bits = bits_of[i];
            if (bits != kNone && (bits & known) == (found & known)) {
                atomicAdd(histogram[(bits >> shift) & 255u], 1u);
            }
        }
        barrier();
        if (mine == 0u && count > 0u) {
            choose(shift);
        }
        barrier();
    }
    if (mine == 0u) {
        scale = count > 0u ? max(least, kToDeviation * uintBitsToFloat(found)) : least;
    }
}
