#include "dsp/subtraction/ground.h"

#include "dsp/core/parallel.h"
#include "dsp/subtraction/exposure.h"

namespace dsm {

Ground find_ground(Blocks& blocks) {
    const Image<float> zero(blocks.difference.extent());
    Ground ground;
    ground.offset = exposure_offset(blocks.difference.view(), zero.view(), blocks.usable.view());
    for (float& difference : blocks.difference.pixels()) {
        difference -= ground.offset;
    }
    ground.shading = find_shading(blocks);
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
