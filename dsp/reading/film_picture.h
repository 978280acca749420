// The drawing of one picture of a film. Internal to this room.
#pragma once

#include "dsp/pipeline/canvas.h"
#include "dsp/reading/film.h"
#include "dsp/reading/shown_panel.h"

namespace dsm::reading {

// `most_px`: the longer side of a panel's picture at the largest; width and height come out even.
[[nodiscard]] Result<Canvas> draw_film_picture(const Film& film, FrameIndex frame, double most_px);
[[nodiscard]] Result<Canvas> draw_key_image(const RunResult& result, const RunReview& review,
                                            const KeyImage& image, const ValuesOfPicture& values_of,
                                            double most_px);

}  // namespace dsm::reading
