#version 450 core
// Residue and noise of the whole frame, and how clean that makes it. One work group.
layout(local_size_x = 256) in;

layout(r32f, binding = 0) readonly uniform image2DArray blocks;  // negative, change, noise
layout(std430, binding = 0) buffer Frame { vec2 frames[]; };     // of each look: mean, dirty

uniform int look;
uniform float dirty;  // residue over noise at which a frame is half unbelieved
uniform float small;

const uint kInvocations = 256u;
shared vec2 part[kInvocations];

void main() {
    ivec2 size = imageSize(blocks).xy;
    uint mine = gl_LocalInvocationIndex;
    vec2 sum = vec2(0.0);
    for (int i = int(mine); i < size.x * size.y; i += int(kInvocations)) {
        ivec2 at = ivec2(i % size.x, i / size.x);
        sum += vec2(imageLoad(blocks, ivec3(at, 0)).r, imageLoad(blocks, ivec3(at, 2)).r);
    }
    part[mine] = sum;
    barrier();
    for (uint reach = kInvocations / 2u; reach > 0u; reach /= 2u) {
        if (mine < reach) {
            part[mine] += part[mine + reach];
        }
        barrier();
    }
    if (mine == 0u) {
        vec2 mean = part[0] / float(size.x * size.y);
        float over = max(0.0, mean.x - 0.5 * mean.y) / (dirty * mean.y + small);
        frames[look] = vec2(mean.x, over * over / (1.0 + over * over));
    }
}
