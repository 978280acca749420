#version 450 core
// Blocks beside certain contrast: 1 there, 0 away from it.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray sure;  // share of certain contrast
layout(r32f, binding = 1) writeonly uniform image2DArray near;

uniform int reach;         // blocks
uniform float sure_share;  // of such contrast around a place that is near

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 size = imageSize(sure).xy;
    if (any(greaterThanEqual(at, size))) {
        return;
    }
    ivec2 from = max(at - reach, ivec2(0));
    ivec2 to = min(at + reach, size - 1);
    float sum = 0.0;
    for (int y = from.y; y <= to.y; ++y) {
        for (int x = from.x; x <= to.x; ++x) {
            sum += imageLoad(sure, ivec3(x, y, 0)).r;
        }
    }
    ivec2 span = to - from + 1;
    imageStore(near, ivec3(at, 0), vec4(min(1.0, sum / float(span.x * span.y) / sure_share)));
}
