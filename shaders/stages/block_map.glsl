// A map by blocks, seen at a pixel: bilinear between the centres of blocks, constant beyond them.
// The CPU's version: MapRow in dsp/core/block_maps.cpp.

const int kMapBlock = 8;

struct MapPlace {
    ivec2 from, next;
    vec2 part;
};

MapPlace map_place(ivec2 pixel, ivec2 blocks) {
    vec2 at = clamp((vec2(pixel) + 0.5) / float(kMapBlock) - 0.5, vec2(0.0), vec2(blocks - 1));
    ivec2 from = ivec2(at);
    return MapPlace(from, min(from + 1, blocks - 1), at - vec2(from));
}
