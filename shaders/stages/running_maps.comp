#version 450 core
// Smoothed opacity, its peak, and the frame in which each pixel opacified, one frame further. The
// CPU's version, with the definitions: dsp/opacification/running_maps.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray opacity;
layout(r32f, binding = 1) readonly uniform image2DArray sigma;
layout(r8ui, binding = 2) readonly uniform uimage2DArray usable;
layout(r32f, binding = 3) uniform image2DArray mean_map;
layout(r32f, binding = 4) uniform image2DArray peak_map;
layout(r32f, binding = 5) uniform image2DArray arrival_map;  // -1: not yet
layout(r8ui, binding = 6) uniform uimage2DArray run_map;     // frames in a row above the threshold

uniform int first;            // 1 in the first frame followed
uniform float smoothing;
uniform float spread;         // sigmas of a frame at which opacity has come
uniform float least;          // opacity below which nothing has arrived
uniform int frames_in_a_row;
uniform float arrived;        // the frame it came in, if this frame makes it certain

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, imageSize(opacity).xy))) {
        return;
    }
    ivec3 texel = ivec3(at, 0);
    float value = imageLoad(opacity, texel).r;
    if (isnan(value) || isinf(value) || imageLoad(usable, texel).r == 0u) {
        return;
    }
    float before = imageLoad(mean_map, texel).r;
    float now = first != 0 ? value : before + smoothing * (value - before);
    float peak = first != 0 ? now : max(imageLoad(peak_map, texel).r, now);
    imageStore(mean_map, texel, vec4(now));
    imageStore(peak_map, texel, vec4(peak));
    if (imageLoad(arrival_map, texel).r >= 0.0) {
        return;
    }
    bool above = now > max(least, spread * imageLoad(sigma, texel).r);
    uint count = above ? imageLoad(run_map, texel).r + 1u : 0u;
    imageStore(run_map, texel, uvec4(count));
    if (int(count) >= frames_in_a_row) {
        imageStore(arrival_map, texel, vec4(arrived));
    }
}
