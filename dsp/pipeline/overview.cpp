#include <algorithm>
#include <array>
#include <cmath>

#include "dsp/pipeline/overview_image.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/pictures.h"

namespace dsm {
namespace {

using namespace picture;

constexpr double kPanelWidth = 430.0;
constexpr double kCardHeight = 102.0;
constexpr double kScaleHeight = 96.0;  // the opacity scale at the foot of the panel
constexpr double kLeftGutter = 98.0;   // orientation letter and names of levels
constexpr double kRightGutter = 38.0;
constexpr double kBelow = 46.0;  // millimetre bar and orientation letter

struct Layout {
    ImagePlace place;
    Box panel;
    double footer_y{};
    double width{};
    double height{};
};

double above(const RunResult& result) {
    return spine_lies_across(result) ? 58.0 : 30.0;
}

Layout lay_out(const RunResult& result, double header_height, double footer) {
    constexpr double kSmallest = 640.0;
    constexpr double kLargest = 1080.0;
    constexpr double kLeastWidth = 300.0;   // room for the millimetre bar
    constexpr double kLeastHeight = 560.0;  // room for the list beside
    const double columns = std::max(1, result.run.extent.width);
    const double rows = std::max(1, result.run.extent.height);
    const double longest = std::max(columns, rows);
    Layout layout;
    layout.place.scale = std::clamp(longest, kSmallest, kLargest) / longest;
    const double width = std::max(1.0, columns * layout.place.scale);
    const double height = std::max(1.0, rows * layout.place.scale);
    const double room_x = std::max(width, kLeastWidth);
    const double room_y = std::max(height, kLeastHeight);
    layout.place.box = {std::round(kMargin + kLeftGutter + (room_x - width) / 2),
                        std::round(header_height + above(result) + (room_y - height) / 2), width,
                        height};
    layout.panel = {kMargin + kLeftGutter + room_x + kRightGutter, header_height + 14.0,
                    kPanelWidth, above(result) + room_y + kBelow - 22.0};
    layout.footer_y = header_height + above(result) + room_y + kBelow + 6.0;
    layout.width = layout.panel.right() + kMargin;
    layout.height = layout.footer_y + footer;
    return layout;
}

void draw_millimetres(const Canvas& canvas, const ImagePlace& place, const RunInfo& run) {
    const double y = place.box.bottom() + 16.0;
    if (!run.spacing || !(run.spacing->column_mm > 0.0)) {
        canvas.text({place.box.x, y + 4.0}, "no scale: spacing unknown", kSmall);
        return;
    }
    const double per_mm = place.scale / run.spacing->column_mm;
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

std::string basis_of(const RunInfo& run) {
    if (!run.spacing) {
        return "Lengths unknown: the header has no pixel spacing.";
    }
    switch (run.spacing->basis) {
        case SpacingBasis::calibrated:
            return "Millimetres as calibrated in the header.";
        case SpacingBasis::at_isocentre:
            return "Millimetres at the isocentre.";
        case SpacingBasis::at_detector:
            return "Millimetres at the detector: larger than in the patient.";
        case SpacingBasis::unknown:
            break;
    }
    return "Millimetres of unknown basis.";
}

std::string card_timing(const RunResult& result, const Highlight& highlight) {
    std::string text = "onset frame " + std::to_string(highlight.onset_frame);
    if (highlight.delay_after_sac_s && result.run.has_timing()) {
        text += ", " + fixed(*highlight.delay_after_sac_s, 1) + " s after the sac";
    }
    return text + "; alarm " + std::to_string(highlight.alarm_frame);
}

std::string card_measures(const Highlight& highlight) {
    std::string text = "peak opacity " + brief(highlight.peak_opacity);
    if (highlight.width_mm) {
        text += ", " + fixed(*highlight.width_mm, 1) + " mm wide";
    }
    if (!highlight.drains_at.empty() && highlight.drains_at != highlight.level) {
        text += ", drains at " + highlight.drains_at;
    }
    return text;
}

void draw_card(const Canvas& canvas, const Box& box, const RunResult& result,
               const Highlight& highlight) {
    canvas.fill({box.x, box.y + 4.0, 4.0, box.height - 12.0}, colour_of(highlight.kind), 2.0);
    draw_badge(canvas, {box.x + 26.0, box.y + 20.0}, highlight);
    const double x = box.x + 48.0;
    const double width = box.right() - x - 16.0;
    const auto line = [&](double y, const std::string& text, const TextStyle& style) {
        canvas.text({x, box.y + y}, canvas.fitted(text, style, width), style);
    };
    line(25.0, name_of(highlight.kind), kHeading);
    line(47.0, place_of(highlight), kBody);
    const std::string sure =
        std::string(to_string(highlight.grade)) + ", " + fixed(highlight.confidence, 2);
    canvas.text({box.right() - 16.0, box.y + 47.0}, sure, {kBody.size, kText, true}, Align::right);
    line(68.0, card_timing(result, highlight), kSmall);
    line(87.0, card_measures(highlight), kSmall);
}

// Returns the y below the list.
double draw_list(const Canvas& canvas, const Box& box, const RunResult& result) {
    const auto order = ranked(result);
    canvas.text({box.x + 16.0, box.y + 28.0}, "Highlights (" + std::to_string(order.size()) + ")",
                kHeading);
    double y = box.y + 44.0;
    if (order.empty()) {
        return canvas.paragraph({box.x + 16.0, y + 14.0},
                                canvas.wrapped("None. See coverage in result.json for what was and "
                                               "was not cleared.",
                                               kSmall, box.width - 32.0, 3),
                                kSmall);
    }
    const auto room =
        static_cast<std::size_t>(std::max(0.0, box.bottom() - 30.0 - y) / kCardHeight);
    const std::size_t shown = std::min(order.size(), room);
    for (std::size_t i = 0; i < shown; ++i) {
        draw_card(canvas, {box.x, y, box.width, kCardHeight}, result, *order[i]);
        y += kCardHeight;
    }
    if (shown < order.size()) {
        canvas.text({box.x + 16.0, y + 18.0},
                    "and " + std::to_string(order.size() - shown) + " more, see result.json",
                    {kSmall.size, kText, true});
        y += 28.0;
    }
    return y;
}

void draw_notes(const Canvas& canvas, const Box& box, const RunResult& result) {
    std::vector<std::string> notes;
    if (!result.opacity_registered) {
        notes.emplace_back("Registration was off: edges are motion, not contrast.");
    }
    if (result.opacity_relative) {
        notes.emplace_back("Opacity is relative: the run is logarithmic without its table.");
    }
    notes.push_back(basis_of(result.run));
    if (result.levels.empty()) {
        notes.emplace_back("Levels were not marked: none is asserted.");
    }
    if (result.run.left_in_image == LeftInImage::undetermined) {
        notes.emplace_back("The header does not say which side is left.");
    }
    for (const auto* warnings : {&result.warnings, &result.run.warnings}) {
        for (const std::string& warning : *warnings) {
            notes.push_back("Warning: " + warning);
        }
    }
    double y = box.y;
    for (std::size_t i = 0; i < notes.size(); ++i) {
        const auto lines = canvas.wrapped(notes[i], kSmall, box.width, 3);
        const double end = y + static_cast<double>(lines.size()) * line_height(kSmall) + 4.0;
        const bool last = i + 1 == notes.size();
        if (end > box.bottom() - (last ? 0.0 : line_height(kSmall))) {
            if (y < box.bottom()) {
                canvas.text({box.x, y},
                            "and " + std::to_string(notes.size() - i) + " more in result.json",
                            {kSmall.size, kText, true});
            }
            return;
        }
        y = canvas.paragraph({box.x, y}, lines, kSmall) + 4.0;
    }
}

void draw_scale(const Canvas& canvas, const Box& box, const RunResult& result, const Tone& tone) {
    canvas.text(
        {box.x, box.y + 14.0},
        std::string("Peak opacity over the run") + (result.opacity_relative ? " (relative)" : ""),
        {kSmall.size, kText, true});
    const Box bar{box.x, box.y + 26.0, box.width, 20.0};
    const int steps = static_cast<int>(bar.width);
    for (int i = 0; i < steps; ++i) {
        const double grey = tone.grey(tone.opacity_at((i + 0.5) / steps));
        canvas.fill({bar.x + i, bar.y, 1.0, bar.height}, {grey, grey, grey});
    }
    canvas.outline(bar, kRule, 1.0);
    double free_from = bar.x - 20.0;
    for (const double tick : tone.ticks()) {
        const double x = bar.x + bar.width * std::clamp(tone.position(tick), 0.0, 1.0);
        const double half = 0.5 * canvas.text_width(plain(tick), kSmall);
        if (x - half < free_from || x + half > bar.right() + 14.0) {
            continue;
        }
        canvas.line({x, bar.bottom()}, {x, bar.bottom() + 5.0}, kDim, 1.0);
        canvas.text({x, bar.bottom() + 21.0}, plain(tick), kSmall, Align::centre);
        free_from = x + half + 8.0;
    }
}

void draw_panel(const Canvas& canvas, const Box& panel, const RunResult& result, const Tone& tone) {
    canvas.fill(panel, kPanel, 8.0);
    const bool picture = !result.peak_opacity.empty();
    const double scale = picture ? kScaleHeight : 0.0;
    constexpr double kLeastNotes = 74.0;
    const double list_end = draw_list(
        canvas, {panel.x, panel.y, panel.width, panel.height - scale - kLeastNotes}, result);
    const double foot = panel.bottom() - scale;
    draw_notes(canvas,
               {panel.x + 16.0, list_end + 22.0, panel.width - 32.0, foot - list_end - 26.0},
               result);
    if (picture) {
        canvas.line({panel.x + 16.0, foot}, {panel.right() - 16.0, foot}, kRule, 1.0);
        draw_scale(canvas, {panel.x + 20.0, foot + 10.0, panel.width - 40.0, scale - 10.0}, result,
                   tone);
    }
}

void draw_no_picture(const Canvas& canvas, const Box& box) {
    canvas.fill(box, kPanel);
    const auto lines =
        canvas.wrapped("No subtracted picture for this run", kHeading, box.width - 24.0, 4);
    canvas.paragraph({box.x + 12.0, box.y + box.height / 2}, lines, kHeading);
}

}  // namespace

Result<void> write_overview(const std::filesystem::path& file, const RunResult& result) {
    // The heights of wrapped texts depend on the width alone, which a first layout tells.
    const double width = lay_out(result, 0.0, 0.0).width;
    const Canvas ruler(static_cast<int>(std::ceil(width)), 8, kSurround);
    const std::string subject = "peak opacity";
    const double header = draw_header(ruler, result, subject);
    const Layout layout = lay_out(result, header, footer_height(ruler, result));
    const Canvas canvas(static_cast<int>(std::ceil(layout.width)),
                        static_cast<int>(std::ceil(layout.height)), kSurround);
    draw_header(canvas, result, subject);
    const Tone tone(result.peak_opacity.view());
    if (result.peak_opacity.empty()) {
        draw_no_picture(canvas, layout.place.box);
    } else {
        draw_opacity(canvas, layout.place, result.peak_opacity.view(), tone);
        draw_levels(canvas, layout.place, result);
        draw_orientation(canvas, layout.place, result);
        draw_highlights(canvas, layout.place, result);
        draw_millimetres(canvas, layout.place, result.run);
    }
    draw_panel(canvas, layout.panel, result, tone);
    draw_footer(canvas, result, layout.footer_y);
    return canvas.write_png(file);
}

}  // namespace dsm
