// Masks seen through displacement fields, for the shaders that include it. The CPU's version:
// dsp/motion/warp_rows.cpp.

layout(r32f, binding = 0) readonly uniform image2DArray masks;
layout(r8ui, binding = 1) readonly uniform uimage2DArray masks_usable;

// Of all masks, one after the other: dx of each control point, then dy.
layout(std430, binding = 0) readonly buffer Fields { float fields[]; };

struct Between {
    int first, next;
    float part;
};

// Control points of a field: where its values begin in `fields`, how many, and pixels between them.
struct Grid {
    int base, columns, rows, spacing;
};

// Where a pixel of the mask is looked up: whole pixels, and the way on to the next.
struct Place {
    ivec2 from;
    vec2 part;
};

// Between control points along one axis; beyond the last the displacement is constant.
Between between_nodes(int pixel, int spacing, int nodes) {
    int node = pixel / spacing;
    int here = min(node, nodes - 1);
    return Between(here, min(here + 1, nodes - 1), float(pixel - node * spacing) / float(spacing));
}

Between between_rows(int pixel, int spacing, int nodes) {
    float at = min(float(pixel) / float(spacing), float(nodes - 1));
    int first = min(int(at), max(0, nodes - 2));
    return Between(first, min(first + 1, nodes - 1), at - float(first));
}

float node_at(int base, int columns, int column, Between row) {
    float above = fields[base + row.first * columns + column];
    float below = fields[base + row.next * columns + column];
    return above + row.part * (below - above);
}

float displacement(int base, int columns, Between x, Between y) {
    float left = node_at(base, columns, x.first, y);
    return left + x.part * (node_at(base, columns, x.next, y) - left);
}

// `scale` turns the field's values into pixels of a picture of that size.
Place place_of(ivec2 at, Grid grid, float scale, ivec2 size) {
    Between x = between_nodes(at.x, grid.spacing, grid.columns);
    Between y = between_rows(at.y, grid.spacing, grid.rows);
    vec2 shift = scale * vec2(displacement(grid.base, grid.columns, x, y),
                              displacement(grid.base + grid.columns * grid.rows, grid.columns, x, y));
    float limit = float(2 * max(size.x, size.y));
    shift = clamp(shift, vec2(-limit), vec2(limit));
    vec2 whole = floor(shift);
    return Place(at + ivec2(whole), shift - whole);
}

// Catmull-Rom.
vec4 cubic(float t) {
    float t2 = t * t;
    float a = t * (t * (1.0 - 0.5 * t) - 0.5);
    float b = 1.0 + t2 * (1.5 * t - 2.5);
    float d = t2 * (0.5 * t - 0.5);
    return vec4(a, b, ((1.0 - b) - a) - d, d);
}

// Beyond the border the edge pixel repeats.
float mask_at(int mask_layer, Place place, ivec2 size) {
    ivec2 last = size - 1;
    vec4 wx = cubic(place.part.x);
    vec4 wy = cubic(place.part.y);
    int x = place.from.x;
    ivec4 columns = clamp(ivec4(x - 1, x, x + 1, x + 2), 0, last.x);
    float sum = 0.0;
    for (int j = 0; j < 4; ++j) {
        int y = clamp(place.from.y - 1 + j, 0, last.y);
        vec4 row = vec4(imageLoad(masks, ivec3(columns.x, y, mask_layer)).r,
                        imageLoad(masks, ivec3(columns.y, y, mask_layer)).r,
                        imageLoad(masks, ivec3(columns.z, y, mask_layer)).r,
                        imageLoad(masks, ivec3(columns.w, y, mask_layer)).r);
        sum += wy[j] * dot(wx, row);
    }
    return sum;
}

// Whether the pixel nearest to a place lies in the picture and is usable there.
bool is_covered(int mask_layer, Place place, ivec2 size) {
    ivec2 nearest = place.from + ivec2(place.part.x >= 0.5 ? 1 : 0, place.part.y >= 0.5 ? 1 : 0);
    bool inside = all(greaterThanEqual(nearest, ivec2(0))) && all(lessThan(nearest, size));
    return inside && imageLoad(masks_usable, ivec3(nearest, mask_layer)).r != 0u;
}
