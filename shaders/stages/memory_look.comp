#version 450 core
// Opacity smoothed by [1 4 1]/6 both ways, the border repeated. The CPU's version, with the
// definitions, of this and of the other memory_*.comp: dsp/subtraction/contrast_memory.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray opacity;
layout(r32f, binding = 1) writeonly uniform image2DArray smoothed;

uniform int layer;  // of the smoothed

float at(int x, int y, ivec2 last) {
    return imageLoad(opacity, ivec3(clamp(ivec2(x, y), ivec2(0), last), 0)).r;
}

float down(int x, int y, ivec2 last) {
    return (at(x, y - 1, last) + 4.0 * at(x, y, last) + at(x, y + 1, last)) / 6.0;
}

void main() {
    ivec2 here = ivec2(gl_GlobalInvocationID.xy);
    ivec2 last = imageSize(opacity).xy - 1;
    if (any(greaterThan(here, last))) {
        return;
    }
    float sum = down(here.x - 1, here.y, last) + 4.0 * down(here.x, here.y, last) +
                down(here.x + 1, here.y, last);
    imageStore(smoothed, ivec3(here, layer), vec4(sum / 6.0));
}
