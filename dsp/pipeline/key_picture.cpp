#include <algorithm>
#include <cmath>

#include "dsp/core/spoken.h"
#include "dsp/core/version.h"
#include "dsp/pipeline/overview_image.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/pictures.h"

namespace dsm {
namespace {

using namespace picture;

constexpr double kLeft = 98.0;  // names of levels and an orientation letter
constexpr double kRight = 42.0;
constexpr double kAbove = 58.0;
constexpr double kBelow = 210.0;  // millimetre bar, letter and caption

std::string caption_of(const RunResult& result, FrameIndex frame) {
    // Others count frames from 1.
    std::string caption = "Subtracted, frame " + std::to_string(frame + 1) + " of " +
                          std::to_string(result.run.frames);
    if (const auto time_s = time_of(result.run, frame)) {
        caption += ", " + brief(*time_s) + " s";
    }
    for (const Highlight* highlight : ranked(result)) {
        caption += "; " + std::to_string(highlight->id) + ": " +
                   spaced(to_string(highlight->kind)) + ", " + place_of(*highlight) + ", " +
                   fixed(100.0 * highlight->confidence, 0) + " %";
    }
    return std::string(kNotice) + " " + caption + ".";
}

}  // namespace

Image<std::uint8_t> key_picture(const RunResult& result, ImageView<const float> opacity,
                                FrameIndex frame) {
    constexpr double kSmallest = 512.0;
    constexpr double kLargest = 1536.0;
    RunResult shown;
    shown.run = result.run;
    shown.levels = result.levels;
    std::copy_if(result.highlights.begin(), result.highlights.end(),
                 std::back_inserter(shown.highlights),
                 [&](const Highlight& h) { return h.onset_frame <= frame; });
    const double longest = std::max(1, std::max(opacity.width(), opacity.height()));
    ImagePlace place;
    place.scale = std::clamp(longest, kSmallest, kLargest) / longest;
    place.box = {kLeft, kAbove, opacity.width() * place.scale, opacity.height() * place.scale};
    const Canvas canvas(static_cast<int>(std::ceil(kLeft + place.box.width + kRight)),
                        static_cast<int>(std::ceil(kAbove + place.box.height + kBelow)), kSurround);
    draw_opacity(canvas, place, opacity, Tone(opacity));
    draw_levels(canvas, place, shown);
    draw_highlights(canvas, place, shown);
    draw_orientation(canvas, place, shown);
    draw_millimetres(canvas, place, shown.run);
    constexpr std::size_t kMostLines = 8;
    const double width = canvas.width() - 2 * kMargin;
    canvas.paragraph({kMargin, place.box.bottom() + 62.0},
                     canvas.wrapped(caption_of(shown, frame), kSmall, width, kMostLines), kSmall);
    return canvas.grey();
}

}  // namespace dsm
