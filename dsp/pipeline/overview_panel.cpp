#include "dsp/pipeline/overview_panel.h"

#include <algorithm>
#include <string>
#include <vector>

#include "dsp/core/spoken.h"
#include "dsp/pipeline/picture_style.h"

namespace dsm::picture {
namespace {

constexpr double kCardHeight = 102.0;
constexpr double kScaleHeight = 96.0;  // the opacity scale at the foot of the panel

const char* basis_of(SpacingBasis basis) {
    switch (basis) {
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
    std::string text = "onset frame " + std::to_string(highlight.onset_frame + 1);
    if (highlight.delay_after_sac_s && result.run.has_timing()) {
        text += ", " + fixed(*highlight.delay_after_sac_s, 1) + " s after the sac";
    }
    return text + "; alarm " + std::to_string(highlight.alarm_frame + 1);
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
    line(25.0, spoken(highlight.kind), kHeading);
    const std::string sure =
        std::string(to_string(highlight.grade)) + ", " + fixed(highlight.confidence, 2);
    const TextStyle sure_style{kBody.size, kText, true};
    canvas.text({box.right() - 16.0, box.y + 47.0}, sure, sure_style, Align::right);
    canvas.text({x, box.y + 47.0},
                canvas.fitted(place_of(highlight), kBody,
                              width - canvas.text_width(sure, sure_style) - 14.0),
                kBody);
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

std::string cell_text(const LevelCoverage& entry) {
    if (!entry.in_view) {
        return "out of view";
    }
    if (!entry.adequate) {
        return "not cleared";
    }
    return entry.detectable_opacity ? brief(*entry.detectable_opacity) : "adequate";
}

constexpr double kCoverageRow = 21.0;
constexpr double kCoverageHead = 70.0;

// One row per level, one column per side, in the order the result has them.
struct CoverageTable {
    std::vector<std::string> levels;
    std::vector<Side> sides;

    explicit CoverageTable(const RunResult& result) {
        for (const LevelCoverage& entry : result.coverage) {
            if (std::find(levels.begin(), levels.end(), entry.level) == levels.end()) {
                levels.push_back(entry.level);
            }
            if (std::find(sides.begin(), sides.end(), entry.side) == sides.end()) {
                sides.push_back(entry.side);
            }
        }
    }
    [[nodiscard]] double height() const {
        return levels.empty() ? 0.0
                              : kCoverageHead + kCoverageRow * static_cast<double>(levels.size());
    }
};

void draw_coverage(const Canvas& canvas, const Box& box, const RunResult& result,
                   const CoverageTable& table) {
    constexpr double kFirstColumn = 110.0;
    canvas.text({box.x, box.y + 20.0}, "Coverage", kHeading);
    canvas.text({box.right(), box.y + 20.0}, "faintest vein that would show", kSmall, Align::right);
    const double column = (box.width - kFirstColumn) / static_cast<double>(table.sides.size());
    const auto right_of = [&](std::size_t i) {
        return box.x + kFirstColumn + column * static_cast<double>(i + 1);
    };
    for (std::size_t i = 0; i < table.sides.size(); ++i) {
        canvas.text({right_of(i), box.y + 46.0}, to_string(table.sides[i]),
                    {kSmall.size, kText, true}, Align::right);
    }
    for (const LevelCoverage& entry : result.coverage) {
        const auto row = std::find(table.levels.begin(), table.levels.end(), entry.level);
        const auto side = std::find(table.sides.begin(), table.sides.end(), entry.side);
        const double y =
            box.y + kCoverageHead + kCoverageRow * static_cast<double>(row - table.levels.begin());
        const std::string level = canvas.fitted(entry.level, kSmall, kFirstColumn - 8.0);
        canvas.text({box.x, y}, level, kSmall);
        canvas.text({right_of(static_cast<std::size_t>(side - table.sides.begin())), y},
                    canvas.fitted(cell_text(entry), kSmall, column - 8.0),
                    {kSmall.size, entry.adequate ? kText : kDim, entry.adequate}, Align::right);
    }
}

void draw_notes(const Canvas& canvas, const Box& box, const RunResult& result) {
    std::vector<std::string> notes;
    if (!result.opacity_registered) {
        notes.emplace_back("Registration was off: edges are motion, not contrast.");
    }
    if (result.opacity_relative) {
        notes.emplace_back("Opacity is relative: the run is logarithmic without its table.");
    }
    if (result.run.spacing) {
        notes.emplace_back(basis_of(result.run.spacing->basis));
    }
    if (result.levels.empty()) {
        notes.emplace_back("Levels were not marked: none is asserted.");
    }
    const bool warned = !result.run.warnings.empty();  // the reader names what it misses
    if (!warned && result.run.left_in_image == LeftInImage::undetermined) {
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

}  // namespace

void draw_scale(const Canvas& canvas, const Box& box, const std::string& title, const Tone& tone) {
    canvas.text({box.x, box.y + 14.0}, canvas.fitted(title, kSmall, box.width),
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
    constexpr double kLeastNotes = 74.0;
    canvas.fill(panel, kPanel, 8.0);
    const bool picture = !result.peak_opacity.empty();
    const double foot = panel.bottom() - (picture ? kScaleHeight : 0.0);
    double y =
        draw_list(canvas, {panel.x, panel.y, panel.width, foot - kLeastNotes - panel.y}, result);
    const CoverageTable table(result);
    if (table.height() > 0.0 && y + table.height() + kLeastNotes < foot) {
        draw_coverage(canvas, {panel.x + 16.0, y + 8.0, panel.width - 32.0, table.height()}, result,
                      table);
        y += table.height() + 4.0;
    }
    draw_notes(canvas, {panel.x + 16.0, y + 22.0, panel.width - 32.0, foot - y - 26.0}, result);
    if (picture) {
        canvas.line({panel.x + 16.0, foot}, {panel.right() - 16.0, foot}, kRule, 1.0);
        draw_scale(canvas, {panel.x + 20.0, foot + 10.0, panel.width - 40.0, kScaleHeight - 10.0},
                   std::string("Peak opacity over the run") +
                       (result.opacity_relative ? " (relative)" : ""),
                   tone);
    }
}

}  // namespace dsm::picture
