#version 450 core
// Which pixels are usable, a bit each, rows end to end: an eighth of the way back.
layout(local_size_x = 128) in;

#include "subtracted.glsl"

void main() {
    ivec2 size = imageSize(usable).xy;
    int word = int(gl_GlobalInvocationID.x);
    int count = size.x * size.y;
    if (32 * word >= count) {
        return;
    }
    uint bits = 0u;
    for (int i = 0; i < 32 && 32 * word + i < count; ++i) {
        int index = 32 * word + i;
        int row = index / size.x;
        bits |= usable_at(ivec2(index - row * size.x, row)) ? 1u << i : 0u;
    }
    sums[first + word] = bits;
}
