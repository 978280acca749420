#version 450 core
// Mean opacity over blocks of 16 x 16 px and the variance of that mean, of what is usable. One work
// group a block, one invocation a pixel. The CPU's version: blocks_of() in dsp/pipeline/follow.cpp.
layout(local_size_x = 16, local_size_y = 16) in;

#include "subtracted.glsl"

const uint kInvocations = 256u;
shared vec3 part[kInvocations];

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    uint mine = gl_LocalInvocationIndex;
    part[mine] = vec3(0.0);
    if (all(lessThan(at, imageSize(opacity).xy)) && usable_at(at)) {
        float deviation = sigma_at(at);
        part[mine] = vec3(opacity_at(at), deviation * deviation, 1.0);
    }
    barrier();
    for (uint reach = kInvocations / 2u; reach > 0u; reach /= 2u) {
        if (mine < reach) {
            part[mine] += part[mine + reach];
        }
        barrier();
    }
    if (mine == 0u) {
        int block = int(gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x);
        float count = max(1.0, part[0].z);
        put(2 * block, part[0].x / count);
        put(2 * block + 1, part[0].y / (count * count));
    }
}
