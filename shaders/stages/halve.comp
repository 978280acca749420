#version 450 core
// The next level of a pyramid: means over 2 x 2 pixels, usable where all four are. The CPU's
// version: dsp/motion/pyramid.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray finer;
layout(r8ui, binding = 1) readonly uniform uimage2DArray finer_usable;
layout(r32f, binding = 2) writeonly uniform image2DArray coarser;
layout(r8ui, binding = 3) writeonly uniform uimage2DArray coarser_usable;

uniform int layer;  // of all of them

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, imageSize(coarser).xy))) {
        return;
    }
    ivec3 a = ivec3(2 * at, layer);
    ivec3 b = a + ivec3(1, 0, 0);
    ivec3 c = a + ivec3(0, 1, 0);
    ivec3 d = a + ivec3(1, 1, 0);
    float sum = ((imageLoad(finer, a).r + imageLoad(finer, b).r) + imageLoad(finer, c).r) +
                imageLoad(finer, d).r;
    uint usable = imageLoad(finer_usable, a).r & imageLoad(finer_usable, b).r &
                  imageLoad(finer_usable, c).r & imageLoad(finer_usable, d).r;
    imageStore(coarser, ivec3(at, layer), vec4(0.25 * sum));
    imageStore(coarser_usable, ivec3(at, layer), uvec4(usable));
}
