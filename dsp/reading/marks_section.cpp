// What the reader drew: listed, and shown in the frames it was drawn in.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "dsp/reading/framed_picture.h"
#include "dsp/reading/sections.h"
#include "dsp/review/measure.h"

namespace dsm::reading {

namespace {

constexpr Colour kMark{0.40, 0.90, 0.62};
constexpr Colour kHalo{0.05, 0.055, 0.065, 0.8};

// Lines on the canvas; the first point is where the number goes.
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

void draw_mark(const FramedPicture& picture, const Annotation& mark) {
    const auto lines = std::visit(LinesOf(picture.place), mark.shape);
    for (const auto& [colour, width] : {std::pair{kHalo, 5.0}, std::pair{kMark, 2.0}}) {
        for (const auto& line : lines) {
            picture.canvas.polyline(line, colour, width);
        }
    }
    if (lines.empty() || lines.front().empty()) {
        return;
    }
    constexpr TextStyle kNumber{15.0, kMark, true};
    const Point at = lines.front().front();
    const std::string number = std::to_string(mark.id);
    const double width = picture.canvas.text_width(number, kNumber) + 8.0;
    picture.canvas.fill({at.x - 0.5 * width, at.y - 24.0, width, 20.0}, kHalo, 4.0);
    picture.canvas.text({at.x, at.y - 8.5}, number, kNumber, Align::centre);
}

std::string frames_of(const Annotation& mark) {
    if (!mark.frames) {
        return "whole run";
    }
    return std::to_string(mark.frames->first + 1) +
           (mark.frames->last > mark.frames->first ? "-" + std::to_string(mark.frames->last + 1)
                                                   : "");
}

Table marks_table(const RunInfo& run, const RunReview& review) {
    Table table{{"Mark", "Frames", "Text", "By"}, {0.26, 0.14, 0.38, 0.22}, {}};
    for (const Annotation& mark : review.annotations) {
        const auto measured = measured_text(mark.shape, run);
        table.rows.push_back({{std::to_string(mark.id) + " " + name_of(mark.shape) +
                               (measured ? ", " + *measured : std::string())},
                              {frames_of(mark)},
                              {mark.text},
                              {mark.stamp.author}});
    }
    return table;
}

// Each mark's first frame; the last of the run for those that hold for all of it.
std::set<FrameIndex> frames_to_show(const RunReview& review, int frames) {
    std::set<FrameIndex> shown;
    for (const Annotation& mark : review.annotations) {
        if (mark.frames) {
            shown.insert(std::clamp(mark.frames->first, 0, std::max(0, frames - 1)));
        }
    }
    if (shown.empty()) {
        shown.insert(std::max(0, frames - 1));
    }
    return shown;
}

Result<Picture> marked_frame(const ReportRequest& request, ImageView<const float> opacity,
                             FrameIndex frame) {
    RunResult shown;
    shown.run = request.result.run;
    shown.levels = request.result.levels;
    const FramedPicture picture = framed(shown, opacity);
    for (const Annotation& mark : request.review.annotations) {
        if (!mark.frames || mark.frames->contains(frame)) {
            draw_mark(picture, mark);
        }
    }
    return picture_of(picture.canvas, frame_caption(shown.run, frame) +
                                          ", with the marks of the reader; dark is contrast.");
}

}  // namespace

Result<void> add_marks(const ReportRequest& request, Section& section) {
    constexpr std::size_t kMostPictures = 6;
    if (request.review.annotations.empty()) {
        return {};
    }
    section.blocks.emplace_back(Paragraph{Paragraph::Style::heading, "Marks of the reader"});
    section.blocks.emplace_back(marks_table(request.result.run, request.review));
    std::size_t pictures = 0;
    for (const FrameIndex frame : frames_to_show(request.review, request.result.run.frames)) {
        const auto opacity =
            request.opacity_of ? request.opacity_of(frame) : std::optional<Image<float>>{};
        if (!opacity || pictures == kMostPictures) {
            break;
        }
        auto picture = marked_frame(request, opacity->view(), frame);
        if (!picture) {
            return tl::unexpected(picture.error());
        }
        section.blocks.emplace_back(std::move(*picture));
        ++pictures;
    }
    return {};
}

}  // namespace dsm::reading
