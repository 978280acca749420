#include "viewer/marks.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <initializer_list>

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

Result<void> record(Workspace& workspace, const Command& command, const std::string& merge_key,
                    const std::string& label) {
    auto done = workspace.desk.perform(workspace.study_name(), command, merge_key, label);
    if (!done) {
        return tl::unexpected(done.error());
    }
    workspace.say(*done);
    return {};
}

namespace {

class Mover {
 public:
    Mover(Point by_px, int which) : by_(by_px), handle_(which) {}

    Shape operator()(ArrowShape arrow) const {
        if (handle_ != 1) {
            arrow.tail_px = arrow.tail_px + by_;
        }
        if (handle_ != 0) {
            arrow.head_px = arrow.head_px + by_;
        }
        return arrow;
    }
    Shape operator()(TextShape text) const {
        text.at_px = text.at_px + by_;
        return text;
    }
    Shape operator()(EllipseShape ellipse) const {
        if (handle_ < 0) {
            ellipse.center_px = ellipse.center_px + by_;
        } else if (handle_ == 0) {
            ellipse.radius_x_px = std::max(1.0, ellipse.radius_x_px + by_.x);
        } else {
            ellipse.radius_y_px = std::max(1.0, ellipse.radius_y_px + by_.y);
        }
        return ellipse;
    }
    Shape operator()(PolygonShape polygon) const {
        for (std::size_t i = 0; i < polygon.vertices_px.size(); ++i) {
            if (handle_ < 0 || static_cast<std::size_t>(handle_) == i) {
                polygon.vertices_px[i] = polygon.vertices_px[i] + by_;
            }
        }
        return polygon;
    }
    Shape operator()(LineShape line) const {
        move({&line.from_px, &line.to_px});
        return line;
    }
    Shape operator()(AngleShape angle) const {
        move({&angle.first_px, &angle.vertex_px, &angle.second_px});
        return angle;
    }

 private:
    Point by_;
    int handle_;

    void move(std::initializer_list<Point*> points) const {
        int at = 0;
        for (Point* point : points) {
            if (handle_ < 0 || handle_ == at) {
                *point = *point + by_;
            }
            ++at;
        }
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
    Point operator()(const LineShape& line) const { return line.to_px; }
    Point operator()(const AngleShape& angle) const { return angle.vertex_px; }
};

}  // namespace

Shape moved(const Shape& shape, Point by_px, int handle) {
    return std::visit(Mover(by_px, handle), shape);
}

Point anchor_of(const Shape& shape) {
    return std::visit(Anchor{}, shape);
}

}  // namespace dsm::viewer
