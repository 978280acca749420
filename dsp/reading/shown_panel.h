// A picture of a run as it is shown on the screen, to be drawn without one: for films, for key
// images in reports and archives. Nothing is computed here but values for display of maps.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"
#include "dsp/reading/film.h"
#include "dsp/review/review.h"

namespace dsm {

// The values of a frame: stored ones of originals and masks, else opacity, through the display
// filter where that was asked for and is there. Of maps, whatever the frame.
using ValuesOfPicture = std::function<Result<Image<float>>(PictureKind, bool filtered, FrameIndex)>;

// "SUBTRACTED" and so on.
[[nodiscard]] const char* title_of(PictureKind kind);
// Contrast is dark in what is made of subtractions; MONOCHROME1 is dark for large values.
[[nodiscard]] bool dark_is_large(PictureKind kind, bool inverted, bool monochrome1);

// Window, part, orientation, anatomy, marks; levels, highlights and motion are left to the caller.
[[nodiscard]] FilmPanel shown_panel(const RunInfo& run, const RunReview& review,
                                    const ShownPicture& shown, const ValuesOfPicture& values_of);

// The maps of a result as they are displayed; an error where it has no such map.
[[nodiscard]] Result<Image<float>> map_for_display(const RunResult& result, PictureKind kind);

// A key image as it was shown, with levels, what the software found and the marks on its frame
// burnt in; colours as their luma. Names no patient.
[[nodiscard]] Result<Image<std::uint8_t>> key_image_grey(const RunResult& result,
                                                         const RunReview& review,
                                                         const KeyImage& image,
                                                         const ValuesOfPicture& values_of);
// "Key image 2: subtracted frame 31 of 60, 30.0 s"
[[nodiscard]] std::string key_image_title(const RunInfo& run, const KeyImage& image);

}  // namespace dsm
