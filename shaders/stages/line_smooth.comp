#version 450 core
// A picture smoothed along one axis; beyond the border the edge pixel repeats.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray picture;
layout(r32f, binding = 1) writeonly uniform image2DArray smoothed;
layout(std430, binding = 0) readonly buffer Weights { float weights[]; };  // about the middle

uniform int count;  // of weights
uniform int down;   // 1 along y, 0 along x

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 size = imageSize(picture).xy;
    if (any(greaterThanEqual(at, size))) {
        return;
    }
    ivec2 onward = down != 0 ? ivec2(0, 1) : ivec2(1, 0);
    float sum = 0.0;
    for (int i = 0; i < count; ++i) {
        ivec2 from = clamp(at + (i - count / 2) * onward, ivec2(0), size - 1);
        sum += weights[i] * imageLoad(picture, ivec3(from, 0)).r;
    }
    imageStore(smoothed, ivec3(at, 0), vec4(sum));
}
