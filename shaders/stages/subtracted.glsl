// The frame as it was subtracted, and where its sums go, for the shaders that include it.

layout(r32f, binding = 0) readonly uniform image2DArray opacity;
layout(r32f, binding = 1) readonly uniform image2DArray sigma;
layout(r8ui, binding = 2) readonly uniform uimage2DArray usable;
layout(std430, binding = 0) writeonly buffer Sums { uint sums[]; };  // numbers by their bits

uniform int first;  // word of `sums`

float opacity_at(ivec2 at) {
    return imageLoad(opacity, ivec3(at, 0)).r;
}

float sigma_at(ivec2 at) {
    return imageLoad(sigma, ivec3(at, 0)).r;
}

bool usable_at(ivec2 at) {
    return imageLoad(usable, ivec3(at, 0)).r != 0u;
}

void put(int word, float value) {
    sums[first + word] = floatBitsToUint(value);
}
