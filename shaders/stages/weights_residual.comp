#version 450 core
// What each registered mask leaves of the frame, contrast that is known taken off, where all masks
// are usable; the last layer says where that is. The CPU's version, with the definitions, of this
// and of the other weights_*.comp: dsp/subtraction/mask_weights.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray masks;   // registered
layout(r32f, binding = 1) readonly uniform image2DArray usable;  // of each, 1 or 0
layout(r32f, binding = 2) readonly uniform image2DArray live;
layout(r32f, binding = 3) readonly uniform image2DArray contrast;
layout(r32f, binding = 4) writeonly uniform image2DArray residues;

uniform int count;         // of masks
uniform int has_contrast;  // 1: some is known

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, imageSize(live).xy))) {
        return;
    }
    ivec3 texel = ivec3(at, 0);
    float common_part = 1.0;
    for (int i = 0; i < count; ++i) {
        common_part = min(common_part, imageLoad(usable, ivec3(at, i)).r);
    }
    float taken = has_contrast != 0 ? imageLoad(contrast, texel).r : 0.0;
    for (int i = 0; i < count; ++i) {
        float residue = (imageLoad(masks, ivec3(at, i)).r - imageLoad(live, texel).r) - taken;
        imageStore(residues, ivec3(at, i), vec4(residue * common_part));
    }
    imageStore(residues, ivec3(at, count), vec4(common_part));
}
