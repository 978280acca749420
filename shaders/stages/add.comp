#version 450 core
// A picture plus a constant, plus another: the frame without its contrast. The CPU's version:
// build_sum() in dsp/motion/pyramid.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) uniform image2DArray picture;
layout(r32f, binding = 1) readonly uniform image2DArray added;

uniform float drift;

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, imageSize(picture).xy))) {
        return;
    }
    ivec3 texel = ivec3(at, 0);
    float sum = (imageLoad(picture, texel).r + drift) + imageLoad(added, texel).r;
    imageStore(picture, texel, vec4(sum));
}
