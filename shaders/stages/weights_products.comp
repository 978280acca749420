#version 450 core
// Over blocks of 2 x 2 pixels, fewer at an odd border: means of the products of every two details,
// weighted by the trust; in the two layers after them the trust, and the square of contrast. A
// layer an invocation.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray details;
layout(r32f, binding = 1) readonly uniform image2DArray contrast;
layout(r32f, binding = 2) writeonly uniform image2DArray products;

uniform int count;         // of masks
uniform int has_contrast;  // 1: some is known

float value_at(ivec2 at, int kind, ivec2 pair) {
    if (kind == 2) {
        float there = has_contrast != 0 ? imageLoad(contrast, ivec3(at, 0)).r : 0.0;
        return there * there;
    }
    float trust = imageLoad(details, ivec3(at, count)).r;
    return kind == 1 ? trust
                     : trust * imageLoad(details, ivec3(at, pair.x)).r *
                           imageLoad(details, ivec3(at, pair.y)).r;
}

void main() {
    ivec3 at = ivec3(gl_GlobalInvocationID);
    if (any(greaterThanEqual(at.xy, imageSize(products).xy))) {
        return;
    }
    int pairs = count * (count + 1) / 2;
    int kind = max(0, at.z - pairs + 1);
    ivec2 pair = ivec2(0, at.z);  // in the order (0, 0), (1, 0), (1, 1), (2, 0), ...
    while (kind == 0 && pair.y > pair.x) {
        pair = ivec2(pair.x + 1, pair.y - pair.x - 1);
    }
    ivec2 last = imageSize(details).xy - 1;
    ivec2 a = min(2 * at.xy, last);
    ivec2 d = min(2 * at.xy + 1, last);
    float sum = (value_at(a, kind, pair) + value_at(ivec2(d.x, a.y), kind, pair)) +
                (value_at(ivec2(a.x, d.y), kind, pair) + value_at(d, kind, pair));
    imageStore(products, at, vec4(0.25 * sum));
}
