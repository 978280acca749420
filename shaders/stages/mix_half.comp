#version 450 core
// The mix of masks alone, at half resolution: what the still picture is compared with, and contrast
// is measured in.
layout(local_size_x = 32, local_size_y = 8) in;

#include "mixed.glsl"

layout(r8ui, binding = 2) readonly uniform uimage2DArray live_usable;
layout(r32f, binding = 3) writeonly uniform image2DArray mix_out;
layout(r32f, binding = 4) writeonly uniform image2DArray share_out;
layout(r8ui, binding = 5) writeonly uniform uimage2DArray usable_out;

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 size = imageSize(live_usable).xy;
    if (any(greaterThanEqual(at, size))) {
        return;
    }
    ivec3 texel = ivec3(at, 0);
    Mix here = mix_at(at, size);
    imageStore(mix_out, texel, vec4(here.value));
    imageStore(share_out, texel, vec4(here.share));
    imageStore(usable_out, texel, uvec4(imageLoad(live_usable, texel).r & here.covered));
}
