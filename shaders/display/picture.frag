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

void main() {
    vec2 image_point = image_at_origin + view_point.x * image_per_view_x + view_point.y * image_per_view_y;
    // Pixel centres lie at integers, so the picture spans -0.5 to size - 0.5.
    vec2 edge = image_point + 0.5;
    if (any(lessThan(edge, vec2(0.0))) || any(greaterThanEqual(edge, image_size))) {
        colour = vec4(surround, 1.0);
        return;
    }
    vec3 picture_here = shown(texture(picture, edge / image_size).r * value_scale + value_offset);
    if (blend > 0.0) {
        float stored = texture(anatomy, edge / image_size).r * anatomy_scale;
        float below = clamp((stored - anatomy_low) / anatomy_width, 0.0, 1.0);
        below = anatomy_inverted != 0 ? 1.0 - below : below;
        picture_here = mix(picture_here, vec3(below * lightest_grey), blend);
    }
    colour = vec4(picture_here, 1.0);
}
