#include "dsp/reading/drawn_marks.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "dsp/core/mark_colour.h"

namespace dsm::reading {

namespace {

constexpr Colour kMark{kReaderMark.red / 255.0, kReaderMark.green / 255.0,
                       kReaderMark.blue / 255.0};
constexpr Colour kHalo{0.05, 0.055, 0.065, 0.8};

// Lines on the canvas; the first point is where the label goes.
class LinesOf {
 public:
    explicit LinesOf(const picture::ImagePlace& place) : place_(place) {}

    std::vector<std::vector<Point>> operator()(const ArrowShape& arrow) const {
        constexpr double kBarb_px = 14.0;
        constexpr double kOpening = std::numbers::pi / 7.0;
        const Point tail = place_.on_canvas(arrow.tail_px);
        const Point head = place_.on_canvas(arrow.head_px);
        const double back = std::atan2(tail.y - head.y, tail.x - head.x);
        const auto barb = [&](double turn) {
            return Point{head.x + kBarb_px * std::cos(back + turn),
                         head.y + kBarb_px * std::sin(back + turn)};
        };
        return {{tail, head}, {barb(kOpening), head, barb(-kOpening)}};
    }
    std::vector<std::vector<Point>> operator()(const TextShape& text) const {
        return {{place_.on_canvas(text.at_px)}};
    }
    std::vector<std::vector<Point>> operator()(const EllipseShape& ellipse) const {
        constexpr int kSteps = 72;
        std::vector<Point> line;
        for (int i = 0; i <= kSteps; ++i) {
            const double turn = 2.0 * std::numbers::pi * i / kSteps;
            line.push_back(
                place_.on_canvas({ellipse.center_px.x + ellipse.radius_x_px * std::cos(turn),
                                  ellipse.center_px.y + ellipse.radius_y_px * std::sin(turn)}));
        }
        return {line};
    }
    std::vector<std::vector<Point>> operator()(const PolygonShape& polygon) const {
        std::vector<Point> line;
        for (const Point& vertex : polygon.vertices_px) {
            line.push_back(place_.on_canvas(vertex));
        }
        if (!line.empty()) {
            line.push_back(line.front());
        }
        return {line};
    }
    std::vector<std::vector<Point>> operator()(const LineShape& line) const {
        constexpr double kEnd_px = 7.0;
        const Point from = place_.on_canvas(line.from_px);
        const Point to = place_.on_canvas(line.to_px);
        const Point along = to - from;
        const double turn = std::atan2(along.y, along.x) + std::numbers::pi / 2.0;
        const Point half = kEnd_px * Point{std::cos(turn), std::sin(turn)};
        return {{from, to}, {from - half, from + half}, {to - half, to + half}};
    }
    std::vector<std::vector<Point>> operator()(const AngleShape& angle) const {
        return {{place_.on_canvas(angle.first_px), place_.on_canvas(angle.vertex_px),
                 place_.on_canvas(angle.second_px)}};
    }

 private:
    const picture::ImagePlace& place_;
};

}  // namespace

void draw_mark(const Canvas& canvas, const picture::ImagePlace& place, const Shape& shape,
               const std::string& label) {
    const auto lines = std::visit(LinesOf(place), shape);
    for (const auto& [colour, width] : {std::pair{kHalo, 5.0}, std::pair{kMark, 2.0}}) {
        for (const auto& line : lines) {
            canvas.polyline(line, colour, width);
        }
    }
    if (label.empty() || lines.empty() || lines.front().empty()) {
        return;
    }
    // A mark that lies outside the part that is shown has no name in it.
    if (std::none_of(lines.front().begin(), lines.front().end(),
                     [&](Point point) { return picture::holds(place.box, point); })) {
        return;
    }
    constexpr TextStyle kLabel{15.0, kMark, true};
    const Point at = lines.front().front();
    const double width = canvas.text_width(label, kLabel) + 8.0;
    // Whole within the picture, however near to its edge the mark is.
    const double left =
        std::max(place.box.x, std::min(at.x - 0.5 * width, place.box.right() - width));
    const double top = std::max(place.box.y, at.y - 24.0);
    canvas.fill({left, top, width, 20.0}, kHalo, 4.0);
    canvas.text({left + 4.0, top + 15.5}, label, kLabel);
}

}  // namespace dsm::reading
