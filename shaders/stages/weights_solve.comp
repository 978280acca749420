#version 450 core
// The weights of all masks at one block: w = C^-1 1 / (1' C^-1 1) by Cholesky.
layout(local_size_x = 32, local_size_y = 8) in;

layout(r32f, binding = 0) readonly uniform image2DArray moments;  // products around the place
layout(r32f, binding = 1) readonly uniform image2DArray squares;  // likewise, one layer after them
layout(r32f, binding = 2) readonly uniform image2DArray usable;   // of each mask
layout(r32f, binding = 3) readonly uniform image2DArray live;
layout(std430, binding = 0) writeonly buffer Weights { float weights[]; };  // blocks of each mask
layout(std430, binding = 1) readonly buffer Noise { float variances[]; };

const int kMostMasks = 8;
uniform int count;
uniform int certain;                 // the first so many masks hold no contrast
uniform int noise_entries;           // 0: not known
uniform float noise_first, noise_step;
uniform float unknown_variance;      // of log intensity, where the noise is not known
uniform float least_trust;
uniform float ridge_part, doubt_part;  // of the variance of a pixel
uniform float doubt_share;             // of the contrast
uniform float ridge_share;             // of the smallest of the diagonal
uniform float not_usable;
uniform float least_weight, lowest;  // weights between them are dropped
uniform float most_weight;           // sum of |w|
uniform float small;

float c[kMostMasks][kMostMasks];
float w[kMostMasks];
float plain[kMostMasks];

// Means over 2 x 2 pixels of a quarter of the resolution, fewer at an odd border.
float usable_at(ivec2 block, int mask) {
    ivec2 last = imageSize(usable).xy - 1;
    ivec2 a = min(2 * block, last);
    ivec2 d = min(2 * block + 1, last);
    return 0.25 * ((imageLoad(usable, ivec3(a, mask)).r +
                    imageLoad(usable, ivec3(d.x, a.y, mask)).r) +
                   (imageLoad(usable, ivec3(a.x, d.y, mask)).r +
                    imageLoad(usable, ivec3(d, mask)).r));
}

float live_at(ivec2 block) {
    ivec2 last = imageSize(live).xy - 1;
    ivec2 a = min(2 * block, last);
    ivec2 d = min(2 * block + 1, last);
    return 0.25 * ((imageLoad(live, ivec3(a, 0)).r + imageLoad(live, ivec3(d.x, a.y, 0)).r) +
                   (imageLoad(live, ivec3(a.x, d.y, 0)).r + imageLoad(live, ivec3(d, 0)).r));
}

float variance_of(float log_intensity) {
    if (noise_entries < 2) {
        return unknown_variance;
    }
    float at = clamp((log_intensity - noise_first) / noise_step, 0.0, float(noise_entries - 1));
    int below = min(int(at), noise_entries - 2);
    return variances[below] + (at - float(below)) * (variances[below + 1] - variances[below]);
}

void fill(ivec2 block) {
    int pairs = count * (count + 1) / 2;
    float inverse = 1.0 / max(least_trust, imageLoad(moments, ivec3(block, pairs)).r);
    float variance = variance_of(live_at(block));
    float ridge = ridge_part * variance + small;
    float doubt = doubt_part * variance +
                  doubt_share * doubt_share * imageLoad(squares, ivec3(block, pairs + 1)).r;
    int at = 0;
    float smallest = 3.4e38;
    for (int i = 0; i < count; ++i) {
        for (int j = 0; j <= i; ++j) {
            c[i][j] = imageLoad(moments, ivec3(block, at++)).r * inverse;
            if (i == j) {
                c[i][i] += ridge + not_usable * (1.0 - usable_at(block, i));
            }
            if (i >= certain && j >= certain) {
                c[i][j] += doubt;
            }
        }
        smallest = min(smallest, c[i][i]);
    }
    for (int i = 0; i < count; ++i) {
        c[i][i] += ridge_share * smallest;
        plain[i] = 1.0 / c[i][i];
    }
}

void solve() {
    for (int i = 0; i < count; ++i) {
        for (int j = 0; j <= i; ++j) {
            float sum = c[i][j];
            for (int k = 0; k < j; ++k) {
                sum -= c[i][k] * c[j][k];
            }
            c[i][j] = i == j ? 1.0 / sqrt(sum > small ? sum : small) : sum * c[j][j];
        }
    }
    for (int i = 0; i < count; ++i) {
        float sum = 1.0;
        for (int k = 0; k < i; ++k) {
            sum -= c[i][k] * w[k];
        }
        w[i] = sum * c[i][i];
    }
    for (int i = count - 1; i >= 0; --i) {
        float sum = w[i];
        for (int k = i + 1; k < count; ++k) {
            sum -= c[k][i] * w[k];
        }
        w[i] = sum * c[i][i];
    }
}

void normalise() {
    float total = 0.0;
    float plain_total = 0.0;
    for (int i = 0; i < count; ++i) {
        total += w[i];
        plain_total += plain[i];
    }
    float size = 0.0;
    for (int i = 0; i < count; ++i) {
        w[i] /= total;
        size += abs(w[i]);
    }
    bool fine = size < most_weight;  // false for what is no number
    float kept = 0.0;
    for (int i = 0; i < count; ++i) {
        w[i] = fine ? w[i] : plain[i] / plain_total;
        w[i] = w[i] < least_weight && w[i] > lowest ? 0.0 : w[i];
        kept += w[i];
    }
    for (int i = 0; i < count; ++i) {
        w[i] /= kept;
    }
}

void main() {
    ivec2 block = ivec2(gl_GlobalInvocationID.xy);
    ivec2 blocks = imageSize(moments).xy;
    if (any(greaterThanEqual(block, blocks))) {
        return;
    }
    fill(block);
    solve();
    normalise();
    for (int i = 0; i < count; ++i) {
        weights[(i * blocks.y + block.y) * blocks.x + block.x] = w[i];
    }
}
