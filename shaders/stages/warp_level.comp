#version 450 core
// A level of a mask's pyramid seen through a displacement field, and where it and the frame are
// usable. The CPU's version: warp_level() in dsp/motion/warp.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

#include "displaced.glsl"

layout(r8ui, binding = 2) readonly uniform uimage2DArray live_usable;
layout(r32f, binding = 3) writeonly uniform image2DArray registered;
layout(r32f, binding = 4) writeonly uniform image2DArray usable_in_both;  // 1 or 0

uniform int layer;  // in `masks`
uniform int node_columns, node_rows;
uniform int spacing;  // pixels of the level between control points
uniform float scale;  // of the field's values, to pixels of the level

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 size = imageSize(live_usable).xy;
    if (any(greaterThanEqual(at, size))) {
        return;
    }
    ivec3 texel = ivec3(at, 0);
    Place place = place_of(at, Grid(0, node_columns, node_rows, spacing), scale, size);
    bool good = imageLoad(live_usable, texel).r != 0u && is_covered(layer, place, size);
    imageStore(registered, texel, vec4(mask_at(layer, place, size)));
    imageStore(usable_in_both, texel, vec4(good ? 1.0 : 0.0));
}
