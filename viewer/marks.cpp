#include "viewer/marks.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "viewer/workspace.h"

namespace dsm::viewer {

Stamp stamp_now() {
    std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
        now = static_cast<std::time_t>(std::atoll(fixed));
    }
    const char* user = std::getenv("USER");
    return {user == nullptr ? "" : user, fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))};
}

Result<void> record(Workspace& workspace, const Command& command, const std::string& merge_key) {
    auto done = workspace.desk.perform(workspace.study_name(), command, merge_key);
    if (!done) {
        return tl::unexpected(done.error());
    }
    workspace.say(*done);
    return {};
}

namespace {

struct Mover {
    Point by;
    int handle;

    Shape operator()(ArrowShape arrow) const {
        if (handle != 1) {
            arrow.tail_px = arrow.tail_px + by;
        }
        if (handle != 0) {
            arrow.head_px = arrow.head_px + by;
        }
        return arrow;
    }
    Shape operator()(TextShape text) const {
        text.at_px = text.at_px + by;
        return text;
    }
    Shape operator()(EllipseShape ellipse) const {
        if (handle < 0) {
            ellipse.center_px = ellipse.center_px + by;
        } else if (handle == 0) {
            ellipse.radius_x_px = std::max(1.0, ellipse.radius_x_px + by.x);
        } else {
            ellipse.radius_y_px = std::max(1.0, ellipse.radius_y_px + by.y);
        }
        return ellipse;
    }
    Shape operator()(PolygonShape polygon) const {
        for (std::size_t i = 0; i < polygon.vertices_px.size(); ++i) {
            if (handle < 0 || static_cast<std::size_t>(handle) == i) {
                polygon.vertices_px[i] = polygon.vertices_px[i] + by;
            }
        }
        return polygon;
    }
};

struct Anchor {
    Point operator()(const ArrowShape& arrow) const { return arrow.tail_px; }
    Point operator()(const TextShape& text) const { return text.at_px; }
    Point operator()(const EllipseShape& ellipse) const {
        return {ellipse.center_px.x + 0.7 * ellipse.radius_x_px,
                ellipse.center_px.y - 0.7 * ellipse.radius_y_px};
    }
    Point operator()(const PolygonShape& polygon) const {
        Point highest = polygon.vertices_px.empty() ? Point{} : polygon.vertices_px.front();
        for (const Point& vertex : polygon.vertices_px) {
            highest = vertex.y < highest.y ? vertex : highest;
        }
        return highest;
    }
};

}  // namespace

Shape moved(const Shape& shape, Point by_px, int handle) {
    return std::visit(Mover{by_px, handle}, shape);
}

Point anchor_of(const Shape& shape) {
    return std::visit(Anchor{}, shape);
}

}  // namespace dsm::viewer
