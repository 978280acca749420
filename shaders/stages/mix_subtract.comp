#version 450 core
// Every mask warped by its displacement field, mixed by weights of blocks, its ground taken off,
// less the live frame; and the noise of that. In one pass: what lies between stays in registers.
// The CPU's versions: dsp/motion/warp_rows.cpp, dsp/subtraction/ground.cpp and subtract.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

#include "mixed.glsl"

layout(r32f, binding = 2) readonly uniform image2DArray live;
layout(r8ui, binding = 3) readonly uniform uimage2DArray live_usable;
layout(r32f, binding = 4) writeonly uniform image2DArray mix_out;
layout(r8ui, binding = 5) writeonly uniform uimage2DArray usable_out;
layout(r32f, binding = 6) writeonly uniform image2DArray opacity_out;
layout(r32f, binding = 7) writeonly uniform image2DArray sigma_out;

layout(std430, binding = 2) readonly buffer Noise { float variance[]; };  // of one frame

uniform float drift;                // added to the live frame
uniform float offset;               // of the ground
uniform float shading[6];           // see dsp/subtraction/shading.h
uniform float noise_first, noise_per_step, noise_last;

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
    Mix here = mix_at(at, size);
    uint usable = imageLoad(live_usable, texel).r & here.covered;
    float mixed = here.value;
    float u = unit(at.x, size.x);
    float v = unit(at.y, size.y);
    mixed -= offset;
    mixed -= shading[0] + u * (shading[1] + shading[3] * u + shading[4] * v) +
             v * (shading[2] + shading[5] * v);
    float entry = clamp((mixed - noise_first) * noise_per_step, 0.0, noise_last);
    imageStore(mix_out, texel, vec4(mixed));
    imageStore(usable_out, texel, uvec4(usable));
    imageStore(opacity_out, texel, vec4(mixed - (imageLoad(live, texel).r + drift)));
    imageStore(sigma_out, texel, vec4(sqrt((1.0 + here.share) * variance[int(entry)])));
}
