#include "viewer/level_naming.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/levels.h"

namespace dsm::viewer {

std::optional<std::string> level_after(const std::string& label, int by,
                                       std::span<const LevelMark> marks) {
    const auto naming = naming_for(marks);
    const auto names = level_names(naming);
    const auto order = level_order(label, naming);
    if (!order || *order + by < 0 || *order + by >= static_cast<int>(names.size())) {
        return std::nullopt;
    }
    return names[static_cast<std::size_t>(*order + by)];
}

namespace {

// Along the line through the outermost marks, in levels from the first.
std::string by_position(std::span<const LevelMark> marks, Point at_px) {
    const auto& first = marks.front();
    const auto& last = marks.back();
    const auto naming = naming_for(marks);
    const auto from = level_order(first.label, naming);
    const auto to = level_order(last.label, naming);
    const Point along = last.center_px - first.center_px;
    const double length_squared = along.x * along.x + along.y * along.y;
    if (!from || !to || length_squared <= 0.0) {
        return first.label;
    }
    const Point away = at_px - first.center_px;
    const double part = (away.x * along.x + away.y * along.y) / length_squared;
    const int names = static_cast<int>(level_names(naming).size());
    const int order = *from + static_cast<int>(std::lround(part * (*to - *from)));
    return level_names(naming)[static_cast<std::size_t>(std::clamp(order, 0, names - 1))];
}

}  // namespace

std::string suggested_level(std::span<const LevelMark> marks, Point at_px) {
    if (marks.empty()) {
        return "T12";
    }
    if (marks.size() == 1) {
        const int by = at_px.y >= marks.front().center_px.y ? 1 : -1;
        return level_after(marks.front().label, by, marks).value_or(marks.front().label);
    }
    return by_position(marks, at_px);
}

}  // namespace dsm::viewer
