#version 450 core
// Tukey's rho of residuals, and usable pixels, summed over each work group. The CPU's version, with
// the definition: dsp/motion/misfit.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray mask_registered;
layout(r32f, binding = 1) readonly uniform image2DArray live;
layout(r8ui, binding = 2) readonly uniform uimage2DArray live_usable;
layout(std430, binding = 1) buffer Sums {
    float scale;  // of the residuals; see residual_scale.comp
    float unused;
    vec2 sums[];  // by work group
};

uniform float drift;    // added to the live frame
uniform float inverse;  // 1 / limit^2; below 0: from the scale
uniform float limit;    // in units of the scale

const uint kPixels = 256u;
shared vec2 part[kPixels];

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    uint mine = gl_LocalInvocationIndex;
    part[mine] = vec2(0.0);
    float per_square = inverse < 0.0 ? 1.0 / (limit * scale * limit * scale) : inverse;
    if (all(lessThan(at, imageSize(live).xy)) && imageLoad(live_usable, ivec3(at, 0)).r != 0u) {
        float r = imageLoad(mask_registered, ivec3(at, 0)).r -
                  (imageLoad(live, ivec3(at, 0)).r + drift);
        float inside = max(0.0, 1.0 - r * r * per_square);
        part[mine] = vec2(1.0 - inside * inside * inside, 1.0);
    }
    barrier();
    for (uint reach = kPixels / 2u; reach > 0u; reach /= 2u) {
        if (mine < reach) {
            part[mine] += part[mine + reach];
        }
        barrier();
    }
    if (mine == 0u) {
        sums[gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x] = part[0];
    }
}
