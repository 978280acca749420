#version 450 core
// Means over blocks of 8 x 8 pixels, fewer at the border: squares below zero, squares of the change
// against what is remembered, and noise. One work group a block, one invocation a pixel.
layout(local_size_x = 8, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray smoothed;
layout(r32f, binding = 1) readonly uniform image2DArray sigma;
layout(r32f, binding = 2) readonly uniform image2DArray state;   // contrast is its first layer
layout(r32f, binding = 3) writeonly uniform image2DArray blocks; // negative, change, noise

uniform int layer;          // of the smoothed
uniform float smoothed_by;  // variance of a measurement over that of sigma

const uint kPixels = 64u;
shared vec4 part[kPixels];

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    uint mine = gl_LocalInvocationIndex;
    part[mine] = vec4(0.0);
    if (all(lessThan(at, imageSize(smoothed).xy))) {
        float value = imageLoad(smoothed, ivec3(at, layer)).r;
        float below = min(0.0, value);
        float moved = value - imageLoad(state, ivec3(at, 0)).r;
        float deviation = imageLoad(sigma, ivec3(at, 0)).r;
        part[mine] = vec4(below * below, moved * moved, smoothed_by * deviation * deviation, 1.0);
    }
    barrier();
    for (uint reach = kPixels / 2u; reach > 0u; reach /= 2u) {
        if (mine < reach) {
            part[mine] += part[mine + reach];
        }
        barrier();
    }
    if (mine < 3u) {
        imageStore(blocks, ivec3(ivec2(gl_WorkGroupID.xy), int(mine)),
                   vec4(part[0][mine] / part[0].w));
    }
}
