// How a picture is laid on a screen or a page: mirrored and turned by right angles only, for a
// look; its pixels, and every coordinate, stay those of the frame as acquired (x right, y down).
#pragma once

#include "dsp/core/units.h"

namespace dsm {

// Mirrored left for right first, then turned clockwise.
struct Orientation {
    int quarter_turns{0};  // 0 to 3
    bool mirrored{false};
    // Of vectors, in px of the picture and of the screen.
    [[nodiscard]] Point onto_screen(Point image_vector) const;
    [[nodiscard]] Point from_screen(Point view_vector) const;
    [[nodiscard]] bool plain() const { return quarter_turns == 0 && !mirrored; }
    [[nodiscard]] bool on_its_side() const { return quarter_turns % 2 != 0; }
    // What is on the screen now, turned or mirrored once more.
    [[nodiscard]] Orientation turned(int quarters) const;
    [[nodiscard]] Orientation mirrored_across() const;
    [[nodiscard]] Orientation mirrored_upright() const;
    friend bool operator==(const Orientation&, const Orientation&) = default;
};

}  // namespace dsm
