#include "dsp/pipeline/overview_image.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <optional>

#include "dsp/pipeline/label_placement.h"
#include "dsp/pipeline/picture_style.h"

namespace dsm::picture {
namespace {

struct DestroySurface {
    void operator()(cairo_surface_t* surface) const { ::cairo_surface_destroy(surface); }
};

// Half the width of the tube drawn around a vein, canvas px: the vein and room beside it.
double tube_radius(const Highlight& highlight, const ImagePlace& place, const RunResult& result) {
    constexpr double kRoom = 6.0;
    constexpr double kUsualHalfWidth_px = 4.0;
    const auto spacing = mean_spacing_mm(result.run);
    const double half_px =
        highlight.width_mm && spacing ? 0.5 * *highlight.width_mm / *spacing : kUsualHalfWidth_px;
    return std::clamp(half_px * place.scale, 2.0, 60.0) + kRoom;
}

std::vector<Point> path_of(const Highlight& highlight, const ImagePlace& place) {
    std::vector<Point> path;
    for (const Point point : highlight.path_px) {
        path.push_back(place.on_canvas(point));
    }
    if (path.empty()) {
        path.push_back(place.on_canvas(highlight.seed_px));
    }
    return path;
}

void trace(cairo_t* cairo, const std::vector<Point>& path) {
    ::cairo_new_path(cairo);
    ::cairo_move_to(cairo, path.front().x, path.front().y);
    for (const Point& point : path) {
        ::cairo_line_to(cairo, point.x, point.y);
    }
}

// The outline of a thick stroke: the stroke, less a thinner one.
void stroke_ring(cairo_t* cairo, const std::vector<Point>& path, double radius, double line_width) {
    ::cairo_push_group(cairo);
    trace(cairo, path);
    ::cairo_set_line_width(cairo, 2 * radius + line_width);
    ::cairo_stroke(cairo);
    ::cairo_set_operator(cairo, CAIRO_OPERATOR_CLEAR);
    trace(cairo, path);
    ::cairo_set_line_width(cairo, 2 * radius - line_width);
    ::cairo_stroke(cairo);
    ::cairo_pop_group_to_source(cairo);
    ::cairo_paint(cairo);
}

double line_width_of(Grade grade) {
    return grade == Grade::definite ? 3.0 : (grade == Grade::high ? 2.0 : 1.2);
}

void draw_tube(const Canvas& canvas, const std::vector<Point>& path, double radius,
               const Highlight& highlight, Colour colour) {
    const double width = line_width_of(highlight.grade);
    canvas.use(kDark.faded(0.55));
    stroke_ring(canvas.cairo(), path, radius, width + 2.4);
    canvas.use(colour);
    stroke_ring(canvas.cairo(), path, radius, width);
}

Point nearest(const std::vector<Point>& path, Point to) {
    return *std::min_element(path.begin(), path.end(),
                             [&](Point a, Point b) { return distance(a, to) < distance(b, to); });
}

constexpr double kBadge = 26.0;
constexpr TextStyle kLabelText{14.0, kText, true};

void draw_label(const Canvas& canvas, const Box& box, const std::vector<Point>& path, double radius,
                const Highlight& highlight, const std::string& text, HighlightColour colour) {
    const Point centre{box.x + kBadge / 2, box.y + box.height / 2};
    const Point target = nearest(path, centre);
    const double way = distance(target, centre);
    if (way > radius + kBadge / 2 + 4.0) {
        const Point edge = target + (radius / way) * (centre - target);
        canvas.line(edge, centre, kDark.faded(0.55), 3.6);
        canvas.line(edge, centre, colour(highlight), 1.4);
    }
    if (!text.empty()) {
        canvas.fill(box, kDark.faded(0.82), kBadge / 2);
        canvas.text({box.x + kBadge + 4.0, box.y + box.height / 2 + 5.0}, text, kLabelText);
    }
    draw_badge(canvas, centre, highlight, colour);
}

}  // namespace

void draw_pixels(const Canvas& canvas, const ImagePlace& place, Extent extent,
                 const FillRow& fill) {
    const std::unique_ptr<cairo_surface_t, DestroySurface> surface(
        ::cairo_image_surface_create(CAIRO_FORMAT_RGB24, extent.width, extent.height));
    unsigned char* const bytes = ::cairo_image_surface_get_data(surface.get());
    const int stride = ::cairo_image_surface_get_stride(surface.get());
    for (int y = 0; y < extent.height; ++y) {
        auto* row =
            reinterpret_cast<std::uint32_t*>(bytes + static_cast<std::ptrdiff_t>(y) * stride);
        fill(y, {row, static_cast<std::size_t>(extent.width)});
    }
    ::cairo_surface_mark_dirty(surface.get());
    cairo_t* const cairo = canvas.cairo();
    ::cairo_save(cairo);
    ::cairo_rectangle(cairo, place.box.x, place.box.y, place.box.width, place.box.height);
    ::cairo_clip(cairo);
    const Point corner = place.on_canvas({-0.5, -0.5});
    const Point right = place.scale * place.orientation.onto_screen({1.0, 0.0});
    const Point down = place.scale * place.orientation.onto_screen({0.0, 1.0});
    cairo_matrix_t matrix;
    ::cairo_matrix_init(&matrix, right.x, right.y, down.x, down.y, corner.x, corner.y);
    ::cairo_transform(cairo, &matrix);
    ::cairo_set_source_surface(cairo, surface.get(), 0, 0);
    ::cairo_pattern_set_extend(::cairo_get_source(cairo), CAIRO_EXTEND_PAD);
    ::cairo_pattern_set_filter(::cairo_get_source(cairo), CAIRO_FILTER_GOOD);
    ::cairo_paint(cairo);
    ::cairo_restore(cairo);
}

void draw_opacity(const Canvas& canvas, const ImagePlace& place, ImageView<const float> opacity,
                  const Tone& tone) {
    draw_pixels(canvas, place, opacity.extent(), [&](int y, std::span<std::uint32_t> row) {
        const float* values = opacity.row(y);
        for (std::size_t x = 0; x < row.size(); ++x) {
            const double grey = tone.grey(static_cast<double>(values[x]));
            const auto level = static_cast<std::uint32_t>(std::lround(255.0 * grey));
            row[x] = (level << 16U) | (level << 8U) | level;
        }
    });
}

void draw_highlights(const Canvas& canvas, const ImagePlace& place, const RunResult& result,
                     HighlightColour colour) {
    constexpr double kWidestLabel = 120.0;
    constexpr std::size_t kMostLabels = 24;  // beyond, numbers alone
    const auto order = ranked(result);
    LabelPlacement placement(
        {place.box.x + 2, place.box.y + 2, place.box.width - 4, place.box.height - 4});
    ::cairo_save(canvas.cairo());
    ::cairo_rectangle(canvas.cairo(), place.box.x, place.box.y, place.box.width, place.box.height);
    ::cairo_clip(canvas.cairo());
    for (auto it = order.rbegin(); it != order.rend(); ++it) {  // the most certain on top
        const auto path = path_of(**it, place);
        const double radius = tube_radius(**it, place, result);
        draw_tube(canvas, path, radius, **it, colour(**it));
        placement.avoid(path, radius + 2.0);
    }
    for (const Highlight* highlight : order) {
        const auto path = path_of(*highlight, place);
        const std::string text =
            order.size() <= kMostLabels
                ? canvas.fitted(short_place_of(*highlight), kLabelText, kWidestLabel)
                : std::string();
        const double width =
            text.empty() ? kBadge : kBadge + 16.0 + canvas.text_width(text, kLabelText);
        // A band is named where it leaks. A vein is not: the label would hide where it leaves.
        const std::vector<Point> anchors =
            highlight->kind == LeakKind::extravasation
                ? std::vector<Point>{place.on_canvas(highlight->seed_px)}
                : std::vector<Point>{path.back(), path[path.size() / 2], path.front()};
        std::optional<Box> box = placement.place(anchors, width, kBadge);
        std::string shown = text;
        if (!box) {
            shown.clear();
            box = placement.place(anchors, kBadge, kBadge);
        }
        if (!box) {  // crowded beyond help: the number on its own path
            box = Box{path.back().x - kBadge / 2, path.back().y - kBadge / 2, kBadge, kBadge};
        }
        draw_label(canvas, *box, path, tube_radius(*highlight, place, result), *highlight, shown,
                   colour);
    }
    ::cairo_restore(canvas.cairo());
}

bool spine_lies_across(const RunResult& result) {
    if (result.levels.size() < 2) {
        return false;
    }
    const Point along = result.levels.back().center_px - result.levels.front().center_px;
    return std::abs(along.x) > std::abs(along.y);
}

namespace {

// On the canvas, however the picture is turned.
bool lies_across(const ImagePlace& place, const RunResult& result) {
    return spine_lies_across(result) != place.orientation.on_its_side() && result.levels.size() > 1;
}

}  // namespace

void draw_levels(const Canvas& canvas, const ImagePlace& place, const RunResult& result) {
    const bool across = lies_across(place, result);
    const auto style = [](const LevelMark& level) {
        const bool marked = level.source == LevelSource::operator_marked;
        return TextStyle{15.0, marked ? kText : kDim, marked};
    };
    std::vector<Box> taken;
    const auto draw = [&](const LevelMark& level) {
        const Point at = place.on_canvas(level.center_px);
        const std::string name = level.label + (level.source == LevelSource::proposed ? "?" : "");
        const double width = canvas.text_width(name, style(level));
        const bool inside = across ? at.x >= place.box.x && at.x <= place.box.right()
                                   : at.y >= place.box.y && at.y <= place.box.bottom();
        const Box box = across ? Box{at.x - width / 2 - 4, place.box.y - 28, width + 8, 20}
                               : Box{place.box.x - 14 - width, at.y - 10, width, 20};
        const bool crowded = std::any_of(taken.begin(), taken.end(), [&](const Box& other) {
            return overlap_area(box, other) > 0.0;
        });
        if (!inside || crowded) {
            return;
        }
        taken.push_back(box);
        const Point tick = across ? Point{at.x, place.box.y - 2} : Point{place.box.x - 2, at.y};
        const Point end = across ? Point{at.x, place.box.y - 8} : Point{place.box.x - 8, at.y};
        canvas.line(tick, end, style(level).colour, 1.5);
        canvas.text({across ? at.x - width / 2 : box.x, box.y + 15.5}, name, style(level));
    };
    for (const bool marked : {true, false}) {  // what a person marked comes first
        for (const LevelMark& level : result.levels) {
            if ((level.source == LevelSource::operator_marked) == marked) {
                draw(level);
            }
        }
    }
}

void draw_orientation(const Canvas& canvas, const ImagePlace& place, const RunResult& result) {
    const TextStyle style{18.0, kText, true};
    const double middle_x = place.box.x + place.box.width / 2;
    const double middle_y = place.box.y + place.box.height / 2;
    const auto letter = [&](Point towards, const char* name) {
        const Point way = place.orientation.onto_screen(towards);
        if (way.x < -0.5) {
            // Left of the names of the levels.
            canvas.text({place.box.x - 78, middle_y + 6}, name, style, Align::centre);
        } else if (way.x > 0.5) {
            canvas.text({place.box.right() + 18, middle_y + 6}, name, style, Align::centre);
        } else if (way.y < -0.5) {
            canvas.text({middle_x, place.box.y - (lies_across(place, result) ? 34 : 10)}, name,
                        style, Align::centre);
        } else {
            canvas.text({middle_x, place.box.bottom() + 24}, name, style, Align::centre);
        }
    };
    const auto letters = [&](bool along_x, bool larger, const char* there, const char* opposite) {
        const Point towards = (larger ? 1.0 : -1.0) * (along_x ? Point{1.0, 0.0} : Point{0.0, 1.0});
        letter(towards, there);
        letter(-1.0 * towards, opposite);
    };
    const LeftInImage left = result.run.left_in_image;
    if (left != LeftInImage::undetermined) {
        letters(left == LeftInImage::towards_larger_x || left == LeftInImage::towards_smaller_x,
                left == LeftInImage::towards_larger_x || left == LeftInImage::towards_larger_y, "L",
                "R");
    }
    const HeadInImage head = result.run.head_in_image;
    if (head != HeadInImage::undetermined) {
        letters(head == HeadInImage::towards_larger_x || head == HeadInImage::towards_smaller_x,
                head == HeadInImage::towards_larger_x || head == HeadInImage::towards_larger_y, "H",
                "F");
    }
}

double bar_drop(const ImagePlace& place) {
    constexpr double kRoomForBoth = 420.0;
    return place.box.width < kRoomForBoth ? 24.0 : 0.0;
}

void draw_millimetres(const Canvas& canvas, const ImagePlace& place, const RunInfo& run) {
    const double y = place.box.bottom() + 16.0 + bar_drop(place);
    if (!run.spacing || !(run.spacing->column_mm > 0.0)) {
        canvas.text({place.box.x, y + 4.0}, "no scale: spacing unknown", kSmall);
        return;
    }
    const double per_mm = place.scale / (place.orientation.on_its_side() ? run.spacing->row_mm
                                                                         : run.spacing->column_mm);
    double length_mm = 0.5;
    for (const double candidate : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0}) {
        if (candidate * per_mm <= 0.3 * place.box.width) {
            length_mm = candidate;
        }
    }
    const double length = length_mm * per_mm;
    const Point from{place.box.x, y};
    const Point to{place.box.x + length, y};
    canvas.line(from, to, kText, 2.5);
    canvas.line(from - Point{0, 5}, from + Point{0, 5}, kText, 2.0);
    canvas.line(to - Point{0, 5}, to + Point{0, 5}, kText, 2.0);
    canvas.text({to.x + 10.0, y + 5.0}, plain(length_mm) + " mm", {14.0, kText, true});
}

}  // namespace dsm::picture
