#version 450 core
// Means over a box, along one axis, layer by layer; at the border the picture is mirrored without
// its edge (cv::blur).
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray from;
layout(r32f, binding = 1) writeonly uniform image2DArray to;

uniform int side;  // odd
uniform int down;  // 1 along y, 0 along x
uniform int first_layer;

int mirrored(int i, int length) {
    if (length == 1) {
        return 0;
    }
    while (i < 0 || i >= length) {
        i = i < 0 ? -i : 2 * (length - 1) - i;
    }
    return i;
}

void main() {
    ivec3 at = ivec3(gl_GlobalInvocationID) + ivec3(0, 0, first_layer);
    ivec2 size = imageSize(from).xy;
    if (any(greaterThanEqual(at.xy, size))) {
        return;
    }
    float sum = 0.0;
    for (int i = -(side / 2); i <= side / 2; ++i) {
        ivec3 place = down != 0 ? ivec3(at.x, mirrored(at.y + i, size.y), at.z)
                                : ivec3(mirrored(at.x + i, size.x), at.y, at.z);
        sum += imageLoad(from, place).r;
    }
    imageStore(to, at, vec4(sum / float(side)));
}
