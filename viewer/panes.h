// Where everything goes in the window. Plain arithmetic, so that it can be tested at any size.
#pragma once

#include <vector>

#include "dsp/core/image.h"

namespace dsm::viewer {

struct Rect {
    double x{};
    double y{};
    double width{};
    double height{};
    [[nodiscard]] double right() const { return x + width; }
    [[nodiscard]] double bottom() const { return y + height; }
    [[nodiscard]] bool contains(double px, double py) const {
        return px >= x && px < right() && py >= y && py < bottom();
    }
    friend bool operator==(const Rect&, const Rect&) = default;
};

struct Panes {
    Rect menu, toolbar, canvas, side, timeline, status;
    Rect runs;  // empty unless several runs are open
};

// `line` is the height of a line of text.
[[nodiscard]] Panes arrange(Extent window, double line, bool side_panel, bool several_runs,
                            int toolbar_rows = 1);

// Side by side with a thin gap; four in two rows.
[[nodiscard]] std::vector<Rect> split_views(const Rect& canvas, std::size_t views);

}  // namespace dsm::viewer
