#include "dsp/subtraction/ground.h"

#include "dsp/core/parallel.h"

namespace dsm {

Ground find_ground(Blocks& blocks, OffsetSample& sample) {
    Ground ground;
    ground.offset = offset_of(blocks.difference.view(), blocks.usable.view(), sample);
    for (float& difference : blocks.difference.pixels()) {
        difference -= ground.offset;
    }
    ground.shading = find_shading(blocks, sample.values);
    if (ground.shading) {
        remove_shading(*ground.shading, blocks.difference.view());
    }
    return ground;
}

void remove_ground(const Ground& ground, ImageView<float> image) {
    parallel_rows(image.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (float& value : image.row_span(y)) {
                value -= ground.offset;
            }
        }
    });
    if (ground.shading) {
        remove_shading(*ground.shading, image);
    }
}

}  // namespace dsm
