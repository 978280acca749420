// The reader's marks drawn onto a picture.
#pragma once

#include <string>

#include "dsp/pipeline/canvas.h"
#include "dsp/pipeline/overview_image.h"
#include "dsp/review/review.h"

namespace dsm::reading {

// With `label` at its first point; an empty label is none.
void draw_mark(const Canvas& canvas, const picture::ImagePlace& place, const Shape& shape,
               const std::string& label);

}  // namespace dsm::reading
