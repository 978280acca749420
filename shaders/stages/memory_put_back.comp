#version 450 core
// What contrast is put back: the estimate times its credibility, or what was measured where that is
// beyond doubt; and by blocks where it is certain. One work group a block, one invocation a pixel.
layout(local_size_x = 8, local_size_y = 8) in;

#include "block_map.glsl"

layout(r32f, binding = 0) readonly uniform image2DArray next;  // contrast is its first layer
layout(r32f, binding = 1) readonly uniform image2DArray seen;  // value, beyond doubt, z
layout(r32f, binding = 2) readonly uniform image2DArray near;  // by blocks
layout(r32f, binding = 3) writeonly uniform image2DArray contrast;
layout(r32f, binding = 4) writeonly uniform image2DArray sure;

uniform float near_limit, far_limit, certain;  // of z

const uint kPixels = 64u;
shared vec2 part[kPixels];

float beyond(float square, float limit) {
    float ratio = square / (limit * limit);
    return ratio * ratio / (1.0 + ratio * ratio);
}

ivec2 inside(ivec2 at, ivec2 last) {
    return clamp(at, ivec2(0), last);
}

// Undoes most of the smoothing: twice the pixel less the pixel smoothed again.
float sharp_contrast(ivec2 at, ivec2 last) {
    float sum = 0.0;
    for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
            float weight = (i == 0 ? 4.0 : 1.0) * (j == 0 ? 4.0 : 1.0) / 36.0;
            sum += weight * imageLoad(next, ivec3(inside(at + ivec2(i, j), last), 0)).r;
        }
    }
    return 2.0 * imageLoad(next, ivec3(at, 0)).r - sum;
}

float sharp_value(ivec2 at, ivec2 last) {
    float sum = 0.0;
    for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
            float weight = (i == 0 ? 4.0 : 1.0) * (j == 0 ? 4.0 : 1.0) / 36.0;
            sum += weight * imageLoad(seen, ivec3(inside(at + ivec2(i, j), last), 0)).r;
        }
    }
    return 2.0 * imageLoad(seen, ivec3(at, 0)).r - sum;
}

float smooth_z(ivec2 at, ivec2 last) {
    float sum = 0.0;
    for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
            float weight = (i == 0 ? 2.0 : 1.0) * (j == 0 ? 2.0 : 1.0) / 16.0;
            sum += weight * imageLoad(seen, ivec3(inside(at + ivec2(i, j), last), 2)).r;
        }
    }
    return sum;
}

float near_at(ivec2 at) {
    MapPlace place = map_place(at, imageSize(near).xy);
    float a = imageLoad(near, ivec3(place.from, 0)).r;
    float b = imageLoad(near, ivec3(place.next.x, place.from.y, 0)).r;
    float c = imageLoad(near, ivec3(place.from.x, place.next.y, 0)).r;
    float d = imageLoad(near, ivec3(place.next, 0)).r;
    return mix(mix(a, c, place.part.y), mix(b, d, place.part.y), place.part.x);
}

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 last = imageSize(next).xy - 1;
    uint mine = gl_LocalInvocationIndex;
    part[mine] = vec2(0.0);
    if (all(lessThanEqual(at, last))) {
        float z = smooth_z(at, last);
        float limit = far_limit + (near_limit - far_limit) * near_at(at);
        float credible = beyond(z * z, limit) * max(0.0, sharp_contrast(at, last));
        float doubtless = imageLoad(seen, ivec3(at, 1)).r;
        float value = max(0.0, sharp_value(at, last));
        imageStore(contrast, ivec3(at, 0), vec4(credible + doubtless * (value - credible)));
        part[mine] = vec2(beyond(z * z, max(certain, limit)), 1.0);
    }
    barrier();
    for (uint reach = kPixels / 2u; reach > 0u; reach /= 2u) {
        if (mine < reach) {
            part[mine] += part[mine + reach];
        }
        barrier();
    }
    if (mine == 0u) {
        imageStore(sure, ivec3(ivec2(gl_WorkGroupID.xy), 0), vec4(part[0].x / part[0].y));
    }
}
