// A picture as a reader saw it: what of a run, in which window, which part of it, turned how.
// Plain values; kept with key images, so that they can be drawn again as they were.
#pragma once

#include <optional>

#include "dsp/core/orientation.h"
#include "dsp/core/run_info.h"
#include "dsp/core/units.h"

namespace dsm {

enum class PictureKind { original, mask, subtracted, peak, variance, arrival };
// The words of scripts and journals for each of them, in the order of the values.
inline constexpr const char* kPictureWords[] = {"original", "mask",     "subtracted",
                                                "peak",     "variance", "arrival"};
// One picture for all frames.
[[nodiscard]] constexpr bool is_of_the_run(PictureKind kind) {
    return kind == PictureKind::peak || kind == PictureKind::variance ||
           kind == PictureKind::arrival;
}
// In colours from dark to bright rather than in grey, in which a reader may want the peak.
[[nodiscard]] constexpr bool is_coloured(PictureKind kind, bool peak_in_grey) {
    return (kind == PictureKind::peak && !peak_in_grey) || kind == PictureKind::arrival;
}

// The part in view, from its left top corner, in px of the frame as acquired (edges of pixels: the
// whole of 64 x 48 runs from -0.5, -0.5 to 63.5, 47.5).
struct ShownPart {
    Point low_px{};
    Point high_px{};
    friend bool operator==(const ShownPart&, const ShownPart&) = default;
};

struct ShownPicture {
    PictureKind kind{PictureKind::subtracted};
    // In stored values, in opacity, or in s (frames where the timing is unknown), by the kind.
    DisplayWindow window{0.0, 1.0};
    bool inverted{false};   // from what is usual for its kind
    bool filtered{false};   // through the display filter
    bool sharpened{false};  // see dsp/core/sharpen.h; of pictures in grey
    bool peak_in_grey{false};
    bool shutter_shown{true};  // what lies outside the header's shutter is black
    bool highlights_shown{true};
    // The stored frame under the picture: its part, 0 to 1, and its window in stored values.
    double anatomy_part{0.0};
    DisplayWindow anatomy_window{0.0, 1.0};
    bool anatomy_inverted{false};
    std::optional<ShownPart> part;  // nothing: the whole
    Orientation orientation;
    friend bool operator==(const ShownPicture&, const ShownPicture&) = default;
};

}  // namespace dsm
