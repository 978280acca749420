#include "viewer/panes.h"

#include <algorithm>

namespace dsm::viewer {

Panes arrange(Extent window, double line, bool side_panel, bool several_runs, int toolbar_rows) {
    const double width = window.width;
    const double height = window.height;
    // Margins grow with the text, as those of the widgets do.
    const double pad = line / 15.0;
    const double menu = line + 8.0 * pad;
    const double toolbar = line + 16.0 * pad + (toolbar_rows - 1) * (line + 11.0 * pad);
    const double status = line + 8.0 * pad;
    const double timeline = 5.6 * line + 24.0 * pad;
    const double side = side_panel ? std::clamp(0.27 * width, 19.0 * line, 29.0 * line) : 0.0;
    const double runs = several_runs ? std::clamp(0.14 * width, 9.0 * line, 14.0 * line) : 0.0;
    const double top = menu + toolbar;
    const double middle = std::max(1.0, height - top - timeline - status);

    Panes panes;
    panes.menu = {0.0, 0.0, width, menu};
    panes.toolbar = {0.0, menu, width, toolbar};
    panes.runs = {0.0, top, runs, middle};
    panes.side = {width - side, top, side, middle + timeline};
    panes.canvas = {runs, top, std::max(1.0, width - side - runs), middle};
    panes.timeline = {0.0, top + middle, std::max(1.0, width - side), timeline};
    panes.status = {0.0, height - status, width, status};
    return panes;
}

std::vector<Rect> split_views(const Rect& canvas, std::size_t views) {
    constexpr double kGap = 2.0;
    std::vector<Rect> rects;
    if (views == 4) {
        const double half = 0.5 * (canvas.height - kGap);
        for (const double y : {canvas.y, canvas.y + half + kGap}) {
            for (const auto& rect : split_views({canvas.x, y, canvas.width, half}, 2)) {
                rects.push_back(rect);
            }
        }
        return rects;
    }
    const double count = static_cast<double>(std::max<std::size_t>(views, 1));
    const double width = (canvas.width - kGap * (count - 1.0)) / count;
    for (std::size_t i = 0; i < views; ++i) {
        rects.push_back(
            {canvas.x + static_cast<double>(i) * (width + kGap), canvas.y, width, canvas.height});
    }
    return rects;
}

}  // namespace dsm::viewer
