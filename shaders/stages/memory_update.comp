#version 450 core
// One frame taken into the memory: a scalar Kalman filter a pixel.
layout(local_size_x = 32, local_size_y = 8) in;

#include "block_map.glsl"

layout(r32f, binding = 0) readonly uniform image2DArray smoothed;  // certain, mixed
layout(r32f, binding = 1) readonly uniform image2DArray residue;   // of both, by blocks
layout(r32f, binding = 2) readonly uniform image2DArray sigma;
layout(r32f, binding = 3) readonly uniform image2DArray state;  // contrast, noise, residue, unsteady
layout(r32f, binding = 4) writeonly uniform image2DArray next;  // the same, a frame further
layout(r32f, binding = 5) writeonly uniform image2DArray seen;  // value, beyond doubt, z
layout(std430, binding = 0) readonly buffer Frame { vec2 frames[]; };  // of each look: mean, dirty

uniform int two;           // 1: there is a mixed measurement
uniform float added;       // variance of contrast since the frame before
uniform float keeps;       // of the unsteadiness
uniform float smoothed_by; // variance of a measurement over that of sigma
uniform float mixed_doubt, mixed_share;
uniform float jump_limit, doubt_limit;  // standard deviations
uniform float drop_noise;
uniform float small;

// x^4 / (x^4 + limit^4) of x^2.
float beyond(float square, float limit) {
    float ratio = square / (limit * limit);
    return ratio * ratio / (1.0 + ratio * ratio);
}

float residue_at(MapPlace place, int look) {
    float a = imageLoad(residue, ivec3(place.from, look)).r;
    float b = imageLoad(residue, ivec3(place.next.x, place.from.y, look)).r;
    float c = imageLoad(residue, ivec3(place.from.x, place.next.y, look)).r;
    float d = imageLoad(residue, ivec3(place.next, look)).r;
    return mix(mix(a, c, place.part.y), mix(b, d, place.part.y), place.part.x);
}

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, imageSize(sigma).xy))) {
        return;
    }
    float deviation = imageLoad(sigma, ivec3(at, 0)).r;
    float n = smoothed_by * deviation * deviation + 0.01 * small;
    float before = imageLoad(state, ivec3(at, 0)).r;
    float before_noise = imageLoad(state, ivec3(at, 1)).r;
    float before_residue = imageLoad(state, ivec3(at, 2)).r;
    float u = imageLoad(state, ivec3(at, 3)).r;
    float clean = 1.0 - frames[0].y;
    MapPlace place = map_place(at, imageSize(residue).xy);
    float v = imageLoad(smoothed, ivec3(at, 0)).r;
    float a = residue_at(place, 0);
    if (two != 0) {
        float lost = mixed_share * max(0.0, max(before, v));
        float doubt = residue_at(place, 1) + mixed_doubt * mixed_doubt + lost * lost + small;
        float share = doubt / (a + small + doubt);
        v = share * v + (1.0 - share) * imageLoad(smoothed, ivec3(at, 1)).r;
        a = share * a + (1.0 - share) * doubt;
    }
    float r = n + a + u;
    float prior = before_noise + added;
    float change = v - before;
    float jump = beyond(change * change / (r + before_noise), jump_limit) * clean;
    float steady = prior / (prior + r);
    float gain = steady + (1.0 - steady) * jump;
    float drop = max(0.0, -change - drop_noise * sqrt(n + a));
    float contrast = before + gain * change;
    float noise = (1.0 - steady) * prior * (1.0 - jump) + jump * r;
    float worse = a + u - before_residue;
    float left = before_residue + gain * min(0.0, worse) + gain * gain * max(0.0, worse);
    float positive = max(0.0, v);
    imageStore(next, ivec3(at, 0), vec4(contrast));
    imageStore(next, ivec3(at, 1), vec4(noise));
    imageStore(next, ivec3(at, 2), vec4(left));
    imageStore(next, ivec3(at, 3), vec4(max(keeps * u, clean * drop * drop)));
    imageStore(seen, ivec3(at, 0), vec4(v));
    imageStore(seen, ivec3(at, 1), vec4(beyond(positive * positive / r, doubt_limit)));
    imageStore(seen, ivec3(at, 2), vec4(max(0.0, contrast) / sqrt(noise + left + 0.5 * n)));
}
