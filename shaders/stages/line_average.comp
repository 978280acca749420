#version 450 core
// Means along short straight pieces, a layer for each direction, as far from the border as all of
// them reach. The CPU's version, with the definitions: dsp/opacification/line_filter.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray smoothed;
layout(r32f, binding = 1) writeonly uniform image2DArray averages;
layout(std430, binding = 0) readonly buffer Taps { ivec2 taps[]; };  // of each direction

uniform int count;  // of taps of a direction
uniform int reach;  // of the taps

void main() {
    ivec3 at = ivec3(gl_GlobalInvocationID);
    ivec2 size = imageSize(smoothed).xy;
    if (any(lessThan(at.xy, ivec2(reach))) || any(greaterThanEqual(at.xy, size - reach))) {
        return;
    }
    float sum = 0.0;
    for (int i = 0; i < count; ++i) {
        sum += imageLoad(smoothed, ivec3(at.xy + taps[at.z * count + i], 0)).r;
    }
    imageStore(averages, at, vec4(sum * (1.0 / float(count))));
}
