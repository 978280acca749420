#version 450 core
// Stored words to log intensity by the run's table, and where they are measurements. The CPU's
// version: dsp/subtraction/linearise.cpp.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r16ui, binding = 0) readonly uniform uimage2DArray words;
layout(r32f, binding = 1) writeonly uniform image2DArray log_intensity;
layout(r8ui, binding = 2) writeonly uniform uimage2DArray usable;
layout(std430, binding = 0) readonly buffer Table { float table[]; };

uniform int lowest, highest;  // words between them, exclusive, are measurements
uniform int field[4];         // left, top, right, bottom (exclusive): outside is the shutter

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, imageSize(words).xy))) {
        return;
    }
    ivec3 texel = ivec3(at, 0);
    uint word = imageLoad(words, texel).r;
    bool inside = at.x >= field[0] && at.y >= field[1] && at.x < field[2] && at.y < field[3];
    bool good = inside && int(word) > lowest && int(word) < highest;
    imageStore(log_intensity, texel, vec4(table[word]));
    imageStore(usable, texel, uvec4(good ? 1u : 0u));
}
