#version 450 core
// Variance of residue around each block.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray blocks;  // negative, change, noise
layout(r32f, binding = 1) writeonly uniform image2DArray residue;
layout(std430, binding = 0) readonly buffer Frame { vec2 frames[]; };  // of each look: mean, dirty

uniform int look;
uniform float frame_share;  // of the whole frame's residue
uniform float noise_taken;  // of the noise in negative squares

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 size = imageSize(blocks).xy;
    if (any(greaterThanEqual(at, size))) {
        return;
    }
    ivec2 from = max(at - 1, ivec2(0));
    ivec2 to = min(at + 1, size - 1);
    vec2 sum = vec2(0.0);
    for (int y = from.y; y <= to.y; ++y) {
        for (int x = from.x; x <= to.x; ++x) {
            sum += vec2(imageLoad(blocks, ivec3(x, y, 0)).r, imageLoad(blocks, ivec3(x, y, 1)).r);
        }
    }
    ivec2 span = to - from + 1;
    sum /= float(span.x * span.y);
    vec2 frame = frames[look];
    float taken = noise_taken * (1.0 + frame_share) * imageLoad(blocks, ivec3(at, 2)).r;
    float value = 2.0 * (sum.x + frame_share * frame.x) - taken + frame.y * sum.y;
    imageStore(residue, ivec3(at, look), vec4(max(0.0, value)));
}
