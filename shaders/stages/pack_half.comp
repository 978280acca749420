#version 450 core
// What goes back of the mix at half resolution beside it: shares with half the bits, two a word,
// and which pixels are usable, a bit each; rows end to end. One invocation 32 pixels.
layout(local_size_x = 128) in;

layout(r32f, binding = 0) readonly uniform image2DArray share;
layout(r8ui, binding = 1) readonly uniform uimage2DArray usable;
layout(std430, binding = 0) writeonly buffer Packed { uint words[]; };

void main() {
    ivec2 size = imageSize(usable).xy;
    int count = size.x * size.y;
    int first = 32 * int(gl_GlobalInvocationID.x);
    if (first >= count) {
        return;
    }
    uint bits = 0u;
    vec2 pair = vec2(0.0);
    for (int i = 0; i < 32 && first + i < count; ++i) {
        int index = first + i;
        ivec3 at = ivec3(index % size.x, index / size.x, 0);
        bits |= imageLoad(usable, at).r != 0u ? 1u << i : 0u;
        pair[i % 2] = imageLoad(share, at).r;
        if (i % 2 == 1 || index + 1 == count) {
            words[index / 2] = packHalf2x16(pair);
        }
    }
    words[(count + 1) / 2 + first / 32] = bits;
}
