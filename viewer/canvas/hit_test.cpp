#include "viewer/canvas/hit_test.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace dsm::viewer {

namespace {

struct ShapeDistance {
    Point at;

    double operator()(const ArrowShape& arrow) const {
        const Point path[] = {arrow.tail_px, arrow.head_px};
        return distance_to_polyline(at, path);
    }
    double operator()(const TextShape& text) const { return distance(at, text.at_px); }
    double operator()(const EllipseShape& ellipse) const {
        std::vector<Point> outline;
        constexpr int kCorners = 64;
        for (int i = 0; i <= kCorners; ++i) {
            const double angle = 2.0 * std::numbers::pi * i / kCorners;
            outline.push_back(ellipse.center_px + Point{ellipse.radius_x_px * std::cos(angle),
                                                        ellipse.radius_y_px * std::sin(angle)});
        }
        return distance_to_polyline(at, outline);
    }
    double operator()(const PolygonShape& polygon) const {
        auto closed = polygon.vertices_px;
        if (!closed.empty()) {
            closed.push_back(closed.front());
        }
        return distance_to_polyline(at, closed);
    }
    double operator()(const LineShape& line) const {
        const Point path[] = {line.from_px, line.to_px};
        return distance_to_polyline(at, path);
    }
    double operator()(const AngleShape& angle) const {
        const Point path[] = {angle.first_px, angle.vertex_px, angle.second_px};
        return distance_to_polyline(at, path);
    }
};

struct Handles {
    std::vector<Point> operator()(const ArrowShape& arrow) const {
        return {arrow.tail_px, arrow.head_px};
    }
    std::vector<Point> operator()(const TextShape&) const { return {}; }
    std::vector<Point> operator()(const EllipseShape& ellipse) const {
        return {ellipse.center_px + Point{ellipse.radius_x_px, 0.0},
                ellipse.center_px + Point{0.0, ellipse.radius_y_px}};
    }
    std::vector<Point> operator()(const PolygonShape& polygon) const { return polygon.vertices_px; }
    std::vector<Point> operator()(const LineShape& line) const {
        return {line.from_px, line.to_px};
    }
    std::vector<Point> operator()(const AngleShape& angle) const {
        return {angle.first_px, angle.vertex_px, angle.second_px};
    }
};

std::optional<int> hit_handle(const Shape& shape, Point at_px, double reach_px) {
    const auto handles = handles_of(shape);
    for (std::size_t i = 0; i < handles.size(); ++i) {
        if (distance(handles[i], at_px) <= reach_px) {
            return static_cast<int>(i);
        }
    }
    return std::nullopt;
}

}  // namespace

double distance_to_shape(const Shape& shape, Point at_px) {
    return std::visit(ShapeDistance{at_px}, shape);
}

std::vector<Point> handles_of(const Shape& shape) {
    return std::visit(Handles{}, shape);
}

std::optional<AnnotationHit> hit_annotation(const RunReview& review, FrameIndex frame, Point at_px,
                                            double reach_px, std::optional<MarkId> selected) {
    if (selected) {
        const auto* annotation = find_annotation(review, *selected);
        if (annotation != nullptr) {
            if (const auto handle = hit_handle(annotation->shape, at_px, reach_px)) {
                return AnnotationHit{*selected, *handle};
            }
        }
    }
    for (auto each = review.annotations.rbegin(); each != review.annotations.rend(); ++each) {
        const bool here = !each->frames || each->frames->contains(frame);
        if (here && distance_to_shape(each->shape, at_px) <= reach_px) {
            return AnnotationHit{each->id, -1};
        }
    }
    return std::nullopt;
}

std::optional<std::string> hit_level(std::span<const LevelMark> marks, Point at_px,
                                     double reach_px) {
    const LevelMark* nearest = nullptr;
    for (const auto& mark : marks) {
        if (distance(mark.center_px, at_px) <= reach_px &&
            (nearest == nullptr ||
             distance(mark.center_px, at_px) < distance(nearest->center_px, at_px))) {
            nearest = &mark;
        }
    }
    return nearest == nullptr ? std::nullopt : std::optional(nearest->label);
}

std::optional<int> hit_highlight(std::span<const Highlight> highlights, Point at_px,
                                 double reach_px) {
    double nearest = reach_px;
    std::optional<int> id;
    for (const auto& highlight : highlights) {
        const double away = std::min(distance(highlight.seed_px, at_px),
                                     distance_to_polyline(at_px, highlight.path_px));
        if (away <= nearest) {
            nearest = away;
            id = highlight.id;
        }
    }
    return id;
}

}  // namespace dsm::viewer
