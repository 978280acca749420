// The picture inside overview.png: opacity, highlights around their paths, levels, orientation.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "dsp/core/orientation.h"
#include "dsp/pipeline/canvas.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/tone.h"

namespace dsm::picture {

// Where a run's pixels lie on the canvas; pixel centres at integers (contract.md).
struct ImagePlace {
    Box box;
    double scale{1.0};  // canvas px per image px
    // A part, turned: what lies in the middle of the box. Nothing: the whole, as acquired.
    Orientation orientation{};
    std::optional<Point> middle_px{};

    [[nodiscard]] Point on_canvas(Point image_px) const {
        if (!middle_px) {
            return {box.x + (image_px.x + 0.5) * scale, box.y + (image_px.y + 0.5) * scale};
        }
        return Point{box.x + 0.5 * box.width, box.y + 0.5 * box.height} +
               scale * orientation.onto_screen(image_px - *middle_px);
    }
};
[[nodiscard]] inline bool holds(const Box& box, Point point) {
    return point.x >= box.x && point.x <= box.right() && point.y >= box.y &&
           point.y <= box.bottom();
}

// Fills a row of pixels, 0xRRGGBB each.
using FillRow = std::function<void(int y, std::span<std::uint32_t> row)>;
// A picture of that extent in its place, smoothed where it is scaled and cut at the box.
void draw_pixels(const Canvas& canvas, const ImagePlace& place, Extent extent, const FillRow& fill);
void draw_opacity(const Canvas& canvas, const ImagePlace& place, ImageView<const float> opacity,
                  const Tone& tone);
// A tube around each path, so that the vein itself stays bare, and a label beside it.
void draw_highlights(const Canvas& canvas, const ImagePlace& place, const RunResult& result,
                     HighlightColour colour = colour_by_kind);
// Names outside the picture with a tick each: left of it, or above it where the spine lies across.
void draw_levels(const Canvas& canvas, const ImagePlace& place, const RunResult& result);
[[nodiscard]] bool spine_lies_across(const RunResult& result);
// L, R, H and F outside the edges they lie towards, as far as the header says.
void draw_orientation(const Canvas& canvas, const ImagePlace& place, const RunResult& result);

// A bar of round length below the picture, or that the spacing is unknown.
void draw_millimetres(const Canvas& canvas, const ImagePlace& place, const RunInfo& run);
// Under a narrow picture the bar goes below the orientation letter, not beside it: by so much.
[[nodiscard]] double bar_drop(const ImagePlace& place);

}  // namespace dsm::picture
