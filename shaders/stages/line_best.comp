#version 450 core
// Of all directions the one in which a line stands out most from both its sides, bright and dark.
// The CPU's version: dsp/opacification/line_filter.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray averages;
layout(r32f, binding = 1) writeonly uniform image2DArray response;     // bright, dark
layout(r8ui, binding = 2) writeonly uniform uimage2DArray directions;  // of both

const int kAngles = 12;
uniform int side[2 * kAngles];  // x and y of one flank; the other is its opposite
uniform int margin;             // nearer to the border the response is 0

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    ivec2 size = imageSize(averages).xy;
    if (any(greaterThanEqual(at, size))) {
        return;
    }
    float bright = 0.0;
    float dark = 0.0;
    uint bright_angle = 0u;
    uint dark_angle = 0u;
    bool inside = all(greaterThanEqual(at, ivec2(margin))) && all(lessThan(at, size - margin));
    for (int a = 0; inside && a < kAngles; ++a) {
        ivec2 flank = ivec2(side[2 * a], side[2 * a + 1]);
        float here = imageLoad(averages, ivec3(at, a)).r;
        float one = imageLoad(averages, ivec3(at + flank, a)).r;
        float two = imageLoad(averages, ivec3(at - flank, a)).r;
        float up = here - max(one, two);
        float below = min(one, two) - here;
        if (up > bright) {
            bright = up;
            bright_angle = uint(a);
        }
        if (below > dark) {
            dark = below;
            dark_angle = uint(a);
        }
    }
    imageStore(response, ivec3(at, 0), vec4(bright));
    imageStore(response, ivec3(at, 1), vec4(dark));
    imageStore(directions, ivec3(at, 0), uvec4(bright_angle));
    imageStore(directions, ivec3(at, 1), uvec4(dark_angle));
}
