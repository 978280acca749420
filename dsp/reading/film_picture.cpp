#include "dsp/reading/film_picture.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dsp/core/display_mapping.h"
#include "dsp/core/version.h"
#include "dsp/pipeline/overview_image.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/reading/drawn_marks.h"
#include "dsp/reading/sections.h"
#include "dsp/review/measure.h"

namespace dsm::reading {

namespace {

using picture::holds;
using picture::ImagePlace;

// Round the picture: names of levels and letters of orientation.
constexpr double kLeft = 98.0;
constexpr double kRight = 42.0;
constexpr double kAbove = 40.0;
constexpr double kBelow = 40.0;
constexpr double kLine = 26.0;  // of text, above and below that
constexpr double kFoot = 34.0;  // of the whole
constexpr TextStyle kCaption{17.0, picture::kText, true};
constexpr TextStyle kQuiet{15.0, picture::kDim, false};
constexpr Colour kWarning{0.89, 0.67, 0.29};

DisplayMapping mapping_of(const FilmPanel& panel) {
    return {panel.window, panel.dark_is_large, panel.in_colours};
}

std::uint32_t mixed(std::uint32_t above, std::uint32_t below, double part) {
    std::uint32_t word = 0;
    for (const unsigned shift : {16U, 8U, 0U}) {
        const double value =
            (1.0 - part) * ((above >> shift) & 0xFFU) + part * ((below >> shift) & 0xFFU);
        word |= static_cast<std::uint32_t>(std::lround(value)) << shift;
    }
    return word;
}

bool holds_pixel(const PixelRect& rect, int x, int y) {
    return x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
}

// `anatomy` may be empty.
void draw_values(const Canvas& canvas, const ImagePlace& place, ImageView<const float> values,
                 const Image<float>& anatomy, const FilmPanel& panel) {
    const DisplayMapping mapping = mapping_of(panel);
    const DisplayMapping under{panel.anatomy_window, panel.anatomy_dark_is_large, false};
    constexpr std::uint32_t kShut = 0x080809U;  // as in shaders/display/picture.frag
    const auto fill = [&](int y, std::span<std::uint32_t> row) {
        for (std::size_t x = 0; x < row.size(); ++x) {
            if (panel.shutter && !holds_pixel(*panel.shutter, static_cast<int>(x), y)) {
                row[x] = kShut;
                continue;
            }
            row[x] = shown_as(static_cast<double>(values.row(y)[x]), mapping);
            if (!anatomy.empty()) {
                const auto stored = static_cast<double>(anatomy.view().row(y)[x]);
                row[x] = mixed(row[x], shown_as(stored, under), panel.anatomy_part);
            }
        }
    };
    picture::draw_pixels(canvas, place, values.extent(), fill);
}

FrameIndex frame_in(const FilmPanel& panel, FrameIndex frame) {
    const FrameIndex own = panel.frame_of ? panel.frame_of(frame) : frame;
    return std::clamp(own, 0, std::max(0, panel.run.frames - 1));
}

std::string frame_text(const FilmPanel& panel, FrameIndex frame) {
    if (panel.of_the_run) {
        return "whole run";
    }
    const auto time_s = time_of(panel.run, frame);
    return "frame " + std::to_string(frame + 1) + "/" + std::to_string(panel.run.frames) + "   " +
           (time_s ? number(*time_s, 2) + " s" : "timing unknown");
}

// What must not pass for a good picture says so beside its title.
std::string doubt_of(const FilmPanel& panel, FrameIndex frame) {
    const auto at = static_cast<std::size_t>(frame);
    if (panel.of_the_run || at >= panel.motion.size()) {
        return {};
    }
    switch (panel.motion[at].quality) {
        case Quality::failed:
            return "SUBTRACTION FAILED";
        case Quality::poor:
            return "POOR: residue of motion can pass for contrast";
        case Quality::no_mask:
            return "no mask yet";
        case Quality::good:
        case Quality::fair:
            break;
    }
    return panel.motion[at].used == RegistrationMethod::none ? "UNREGISTERED" : "";
}

void draw_annotations(const Canvas& canvas, const ImagePlace& place, const FilmPanel& panel,
                      FrameIndex frame) {
    ::cairo_save(canvas.cairo());
    ::cairo_rectangle(canvas.cairo(), place.box.x, place.box.y, place.box.width, place.box.height);
    ::cairo_clip(canvas.cairo());
    for (const Annotation& mark : panel.review.annotations) {
        if (panel.of_the_run ? !mark.frames : !mark.frames || mark.frames->contains(frame)) {
            draw_mark(canvas, place, mark.shape, harmless(label_of(mark, panel.run)));
        }
    }
    ::cairo_restore(canvas.cairo());
}

bool is_shown(const FilmPanel& panel, const Highlight& highlight, FrameIndex frame) {
    if (!panel.of_the_run && highlight.onset_frame > frame) {
        return false;
    }
    const HighlightVerdict* verdict = verdict_on(panel.review, highlight);
    const Verdict given = verdict == nullptr ? Verdict::none : verdict->verdict;
    return given == Verdict::confirmed || (is_leak(highlight.kind) && given == Verdict::none);
}

bool touches(const Highlight& highlight, const ImagePlace& place) {
    const auto inside = [&](Point point) { return holds(place.box, place.on_canvas(point)); };
    return inside(highlight.seed_px) ||
           std::any_of(highlight.path_px.begin(), highlight.path_px.end(), inside);
}

// Levels, and the highlights in the picture whose onset has come.
RunResult seen_by(const FilmPanel& panel, const ImagePlace& place, FrameIndex frame) {
    RunResult shown;
    shown.run = panel.run;
    shown.levels = panel.levels;
    for (const Highlight& highlight : panel.highlights) {
        if (is_shown(panel, highlight, frame) && touches(highlight, place)) {
            shown.highlights.push_back(highlight);
        }
    }
    return shown;
}

// Which grey or colour means which value, to the left of `right`.
void draw_scale(const Canvas& canvas, const FilmPanel& panel, double right, double baseline) {
    if (panel.unit.empty()) {
        return;
    }
    constexpr int kSteps = 96;
    const int decimals = panel.unit == "opacity" ? 3 : 1;
    const double low = panel.window.center - 0.5 * panel.window.width;
    const std::string most = number(low + panel.window.width, decimals) + " " + panel.unit;
    const double bar = right - canvas.text_width(most, kQuiet) - 8.0 - kSteps;
    canvas.text({right, baseline}, most, kQuiet, Align::right);
    for (int i = 0; i < kSteps; ++i) {
        const std::uint32_t word =
            shown_as(low + panel.window.width * (i + 0.5) / kSteps, mapping_of(panel));
        const auto part = [word](unsigned shift) { return ((word >> shift) & 0xFFU) / 255.0; };
        canvas.fill({bar + i, baseline - 12.0, 1.0, 13.0}, {part(16), part(8), part(0)});
    }
    canvas.outline({bar - 1.0, baseline - 13.0, kSteps + 2.0, 15.0}, picture::kRule, 1.0);
    canvas.text({bar - 8.0, baseline}, number(low, decimals), kQuiet, Align::right);
}

struct PanelSize {
    double scale{1.0};
    double width{0.0};  // with all that is round the picture
    double height{0.0};
};

// The part that is drawn, within the picture; the whole where nothing of it would be.
ShownPart part_of(const FilmPanel& panel) {
    const ShownPart whole{{-0.5, -0.5},
                          {panel.run.extent.width - 0.5, panel.run.extent.height - 0.5}};
    if (!panel.part) {
        return whole;
    }
    const Point low{std::max(whole.low_px.x, panel.part->low_px.x),
                    std::max(whole.low_px.y, panel.part->low_px.y)};
    const Point high{std::min(whole.high_px.x, panel.part->high_px.x),
                     std::min(whole.high_px.y, panel.part->high_px.y)};
    return low.x < high.x && low.y < high.y ? ShownPart{low, high} : whole;
}

// Where the part lies, its box beginning at `corner`.
ImagePlace place_of(const FilmPanel& panel, Point corner, double scale) {
    const ShownPart part = part_of(panel);
    const Point size = part.high_px - part.low_px;
    const bool side = panel.orientation.on_its_side();
    ImagePlace place;
    place.box = {corner.x, corner.y, scale * (side ? size.y : size.x),
                 scale * (side ? size.x : size.y)};
    place.scale = scale;
    place.orientation = panel.orientation;
    place.middle_px = 0.5 * (part.low_px + part.high_px);
    return place;
}

PanelSize size_of(const FilmPanel& panel, double most_px) {
    constexpr double kSmallest_px = 512.0;
    const ShownPart part = part_of(panel);
    const double longest =
        std::max({1.0, part.high_px.x - part.low_px.x, part.high_px.y - part.low_px.y});
    PanelSize size;
    size.scale = std::clamp(longest, std::min(kSmallest_px, most_px), most_px) / longest;
    const ImagePlace place = place_of(panel, {}, size.scale);
    size.width = kLeft + place.box.width + kRight;
    size.height = kLine + kAbove + place.box.height + kBelow + picture::bar_drop(place) + kLine;
    return size;
}

Result<void> draw_panel(const Canvas& canvas, const FilmPanel& panel, const PanelSize& size,
                        Point corner, FrameIndex film_frame) {
    const FrameIndex frame = frame_in(panel, film_frame);
    const auto values = panel.values_of(frame);
    if (!values) {
        return tl::unexpected(values.error());
    }
    Image<float> anatomy;
    if (panel.anatomy_of) {
        auto stored = panel.anatomy_of(frame);
        if (!stored) {
            return tl::unexpected(stored.error());
        }
        anatomy = std::move(*stored);
    }
    const ImagePlace place =
        place_of(panel, {corner.x + kLeft, corner.y + kLine + kAbove}, size.scale);
    draw_values(canvas, place, values->view(), anatomy, panel);
    const RunResult shown = seen_by(panel, place, frame);
    picture::draw_levels(canvas, place, shown);
    picture::draw_highlights(canvas, place, shown, picture::colour_by_grade);
    picture::draw_orientation(canvas, place, shown);
    picture::draw_millimetres(canvas, place, shown.run);
    draw_annotations(canvas, place, panel, frame);

    const double room = size.width - 24.0;
    const double title_y = corner.y + kLine - 5.0;
    canvas.text({corner.x + 12.0, title_y}, panel.title, kCaption);
    if (const std::string doubt = doubt_of(panel, frame); !doubt.empty()) {
        const TextStyle style{15.0, kWarning, true};
        const double after = canvas.text_width(panel.title, kCaption) + 14.0;
        canvas.text({corner.x + 12.0 + after, title_y},
                    canvas.fitted(doubt, style, std::max(1.0, room - after)), style);
    }
    canvas.text({corner.x + 12.0, corner.y + size.height - 8.0}, frame_text(panel, frame),
                kCaption);
    draw_scale(canvas, panel, corner.x + size.width - 12.0, corner.y + size.height - 8.0);
    return {};
}

int even(double length) {
    return 2 * static_cast<int>(std::ceil(0.5 * length));
}

}  // namespace

Result<Canvas> draw_film_picture(const Film& film, FrameIndex frame, double most_px) {
    if (film.panels.empty() || frame < 0 || frame >= film.run.frames) {
        return fail(ErrorKind::invalid_input, "film", "there is no such frame to draw",
                    "choose frames of the run");
    }
    const std::size_t columns = film.panels.size() == 4 ? 2 : film.panels.size();
    PanelSize most;
    for (const FilmPanel& panel : film.panels) {
        const PanelSize size = size_of(panel, most_px);
        most.width = std::max(most.width, size.width);
        most.height = std::max(most.height, size.height);
    }
    const auto rows = static_cast<double>((film.panels.size() + columns - 1) / columns);
    Canvas canvas(even(most.width * static_cast<double>(columns)), even(most.height * rows + kFoot),
                  picture::kSurround);
    for (std::size_t i = 0; i < film.panels.size(); ++i) {
        const Point corner{most.width * static_cast<double>(i % columns),
                           most.height * static_cast<double>(i / columns)};
        const auto& panel = film.panels[i];
        if (auto done = draw_panel(canvas, panel, size_of(panel, most_px), corner, frame); !done) {
            return tl::unexpected(done.error());
        }
    }
    canvas.text({0.5 * canvas.width(), canvas.height() - 11.0},
                canvas.fitted(kNotice, kQuiet, canvas.width() - 16.0), kQuiet, Align::centre);
    return canvas;
}

}  // namespace dsm::reading
