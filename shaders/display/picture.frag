// Value of a pixel to grey: window, then inversion (PS3.3 C.11.2: MONOCHROME1 inverts after VOI).
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
uniform int colour_map;  // 0 grey, 1 perceptually uniform (dark violet to yellow)
uniform sampler2D anatomy;  // the stored frame, of the same size
uniform float anatomy_scale;
uniform float anatomy_low;
uniform float anatomy_width;
uniform int anatomy_inverted;
uniform float blend;  // 0 the picture alone, 1 the anatomy alone
uniform vec3 surround;

// Polynomial fit to matplotlib's viridis (public domain, by Matt Zucker).
vec3 viridis(float t) {
    const vec3 c0 = vec3(0.2777, 0.0054, 0.3341);
    const vec3 c1 = vec3(0.1051, 1.4046, 1.3846);
    const vec3 c2 = vec3(-0.3309, 0.2148, 0.0951);
    const vec3 c3 = vec3(-4.6342, -5.7991, -19.3324);
    const vec3 c4 = vec3(6.2283, 14.1799, 56.6906);
    const vec3 c5 = vec3(4.7764, -13.7451, -65.3530);
    const vec3 c6 = vec3(-5.4355, 4.6459, 26.3124);
    return c0 + t * (c1 + t * (c2 + t * (c3 + t * (c4 + t * (c5 + t * c6)))));
}

void main() {
    vec2 image_point = image_at_origin + view_point.x * image_per_view_x + view_point.y * image_per_view_y;
    // Pixel centres lie at integers, so the picture spans -0.5 to size - 0.5.
    vec2 edge = image_point + 0.5;
    if (any(lessThan(edge, vec2(0.0))) || any(greaterThanEqual(edge, image_size))) {
        colour = vec4(surround, 1.0);
        return;
    }
    float value = texture(picture, edge / image_size).r * value_scale + value_offset;
    float grey = isnan(value) ? 0.0 : clamp((value - window_low) / window_width, 0.0, 1.0);
    if (inverted != 0) {
        grey = 1.0 - grey;
    }
    // No pure white: the brightest grey is 0.94, for eyes adapted to the dark.
    vec3 shown = colour_map == 0 ? vec3(grey * 0.94)
                 : isnan(value) ? vec3(0.09)
                                : clamp(viridis(grey), 0.0, 1.0);
    if (blend > 0.0) {
        float stored = texture(anatomy, edge / image_size).r * anatomy_scale;
        float below = clamp((stored - anatomy_low) / anatomy_width, 0.0, 1.0);
        below = anatomy_inverted != 0 ? 1.0 - below : below;
        shown = mix(shown, vec3(below * 0.94), blend);
    }
    colour = vec4(shown, 1.0);
}
