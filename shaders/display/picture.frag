// Value of a pixel to grey or colour: window, then inversion (PS3.3 C.11.2: MONOCHROME1 inverts
// after VOI). The CPU's version, with the definitions: dsp/core/display_mapping.cpp.
#version 330 core
in vec2 view_point;
out vec4 colour;

uniform sampler2D picture;
uniform vec2 image_size;
uniform vec2 image_at_origin;  // image coordinates of the target's top-left corner
uniform vec2 image_per_view_x;  // image pixels for one target pixel rightwards
uniform vec2 image_per_view_y;  // and for one downwards
uniform vec2 shutter_low;   // what is shown of the picture, in image coordinates
uniform vec2 shutter_high;
uniform float value_scale;     // value = texel * value_scale + value_offset
uniform float value_offset;
uniform float window_low;
uniform float window_width;
uniform int inverted;
uniform int in_colours;
uniform float lightest_grey;
uniform float unknown_grey;
uniform float unknown_among_colours;
const int kStops = 9;
uniform float colour_stops[3 * kStops];  // red, green and blue of each
uniform sampler2D anatomy;  // the stored frame, of the same size
uniform float anatomy_scale;
uniform float anatomy_low;
uniform float anatomy_width;
uniform int anatomy_inverted;
uniform float blend;  // 0 the picture alone, 1 the anatomy alone
uniform vec3 surround;

vec3 stop_at(int i) {
    return vec3(colour_stops[3 * i], colour_stops[3 * i + 1], colour_stops[3 * i + 2]);
}

vec3 colour_of(float light) {
    float at = light * float(kStops - 1);
    int below = min(int(at), kStops - 2);
    return mix(stop_at(below), stop_at(below + 1), at - float(below));
}

vec3 shown(float value) {
    if (isnan(value)) {
        return vec3(in_colours != 0 ? unknown_among_colours : unknown_grey);
    }
    float light = clamp((value - window_low) / window_width, 0.0, 1.0);
    if (inverted != 0) {
        light = 1.0 - light;
    }
    return in_colours != 0 ? colour_of(light) : vec3(light * lightest_grey);
}

float known_or(float value, float otherwise) {
    return isnan(value) ? otherwise : value;
}

// Between pixel centres, which lie at integers; beyond the border the edge pixel repeats. Weighted
// here, for many cards weight in steps of 1/256. A pixel that is not a number takes no part in its
// neighbours.
float interpolated(sampler2D from, vec2 at) {
    ivec2 last = textureSize(from, 0) - 1;
    ivec2 low = clamp(ivec2(floor(at)), ivec2(0), last);
    ivec2 high = clamp(ivec2(floor(at)) + 1, ivec2(0), last);
    vec2 part = at - floor(at);
    float nearest = texelFetch(from, clamp(ivec2(floor(at + 0.5)), ivec2(0), last), 0).r;
    float above = mix(known_or(texelFetch(from, low, 0).r, nearest),
                      known_or(texelFetch(from, ivec2(high.x, low.y), 0).r, nearest), part.x);
    float below = mix(known_or(texelFetch(from, ivec2(low.x, high.y), 0).r, nearest),
                      known_or(texelFetch(from, high, 0).r, nearest), part.x);
    return isnan(nearest) ? nearest : mix(above, below, part.y);
}

void main() {
    vec2 image_point = image_at_origin + view_point.x * image_per_view_x + view_point.y * image_per_view_y;
    // The picture spans -0.5 to size - 0.5.
    if (any(lessThan(image_point, vec2(-0.5))) ||
        any(greaterThanEqual(image_point, image_size - 0.5)) ||
        any(lessThan(image_point, shutter_low)) ||
        any(greaterThanEqual(image_point, shutter_high))) {
        colour = vec4(surround, 1.0);
        return;
    }
    vec3 picture_here = shown(interpolated(picture, image_point) * value_scale + value_offset);
    if (blend > 0.0) {
        float stored = interpolated(anatomy, image_point) * anatomy_scale;
        float below = clamp((stored - anatomy_low) / anatomy_width, 0.0, 1.0);
        below = anatomy_inverted != 0 ? 1.0 - below : below;
        picture_here = mix(picture_here, vec3(below * lightest_grey), blend);
    }
    colour = vec4(picture_here, 1.0);
}
