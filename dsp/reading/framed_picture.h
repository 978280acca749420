// A picture of opacity in a dark frame that holds names of levels, orientation and scale.
#pragma once

#include <string>

#include "dsp/core/result.h"
#include "dsp/pipeline/canvas.h"
#include "dsp/pipeline/overview_image.h"
#include "dsp/reading/report_document.h"

namespace dsm::reading {

struct FramedPicture {
    Canvas canvas;
    picture::ImagePlace place;
};

// With the levels and highlights of `shown`.
[[nodiscard]] FramedPicture framed(const RunResult& shown, ImageView<const float> opacity);
[[nodiscard]] Result<Picture> picture_of(const Canvas& canvas, std::string caption);
// "Subtracted frame 7 of 40, 6.4 s"
[[nodiscard]] std::string frame_caption(const RunInfo& run, FrameIndex frame);

}  // namespace dsm::reading
