#include <algorithm>
#include <cmath>
#include <numeric>

#include "dsp/core/spoken.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/pictures.h"
#include "dsp/pipeline/plot.h"

namespace dsm {
namespace {

using namespace picture;

constexpr double kWidth = 1560.0;
constexpr double kLabelWidth = 300.0;  // names of the rows
constexpr double kTickWidth = 74.0;    // values of the y axes
constexpr double kRowGap = 16.0;
constexpr double kSacHeight = 150.0;
constexpr double kHighlightHeight = 132.0;
constexpr double kQualityHeight = 92.0;
constexpr double kKeyHeight = 34.0;
constexpr std::size_t kMostRows = 8;

constexpr Colour kSacColour{0.56, 0.83, 0.72};
constexpr Colour kMaskColour{0.82, 0.70, 0.95};
constexpr Colour kContrastColour{0.92, 0.93, 0.95};

// The horizontal axis: seconds where the header has them, else frames.
class TimeAxis {
 public:
    // Frames count from 1, as everywhere for readers.
    explicit TimeAxis(const RunInfo& run) : seconds_(run.has_timing()), at_(run.frame_time_s) {
        if (!seconds_) {
            at_.resize(static_cast<std::size_t>(run.frames));
            std::iota(at_.begin(), at_.end(), 1.0);
        }
        if (at_.empty()) {
            at_.push_back(0.0);
        }
    }
    [[nodiscard]] static std::string name_of(FrameIndex frame) { return std::to_string(frame + 1); }
    [[nodiscard]] double of(FrameIndex frame) const {
        const auto last = static_cast<std::ptrdiff_t>(at_.size()) - 1;
        return at_[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(frame, 0, last))];
    }
    // Where the entries of a curve lie: at its own times, which may leave frames out.
    [[nodiscard]] const std::vector<double>& of_curve(const OpacityCurve& curve) const {
        return seconds_ && curve.time_s.size() == curve.opacity.size() ? curve.time_s : at_;
    }
    [[nodiscard]] Range range() const {
        const auto [low, high] = std::minmax_element(at_.begin(), at_.end());
        const double pad =
            *high > *low ? 0.5 * (*high - *low) / static_cast<double>(at_.size()) : 0.5;
        return {*low - pad, *high + pad};
    }
    // Round times at which there are frames around; whole numbers where frames are counted.
    [[nodiscard]] std::vector<double> ticks() const {
        constexpr int kWanted = 12;
        const auto [low, high] = std::minmax_element(at_.begin(), at_.end());
        std::vector<double> ticks = round_ticks(*low, *high, kWanted);
        if (ticks.empty()) {
            ticks.push_back(*low);
        }
        if (!seconds_) {
            std::erase_if(ticks, [](double tick) { return tick != std::floor(tick); });
        }
        return ticks;
    }
    [[nodiscard]] const char* name() const {
        return seconds_ ? "seconds from the first frame" : "frame (times unknown)";
    }

 private:
    bool seconds_;
    std::vector<double> at_;
};

Range range_of(const OpacityCurve& curve, double least) {
    Range range{-0.25 * least, least};
    for (std::size_t i = 0; i < curve.opacity.size(); ++i) {
        if (std::isfinite(curve.opacity[i])) {
            const double noise =
                i < curve.noise.size() && std::isfinite(curve.noise[i]) ? curve.noise[i] : 0.0;
            range.low = std::min(range.low, curve.opacity[i] - noise);
            range.high = std::max(range.high, curve.opacity[i] + noise);
        }
    }
    const double pad = 0.08 * (range.high - range.low);
    return {range.low - pad, range.high + pad};
}

Box plot_box(double y, double height) {
    const double x = kMargin + kLabelWidth + kTickWidth;
    return {x, y, kWidth - kMargin - x, height};
}

// A small triangle at the foot of a marker line, so that it is not told by colour alone.
void draw_arrow(const Canvas& canvas, Point tip, bool upwards, Colour colour) {
    const double way = upwards ? 10.0 : -10.0;
    cairo_t* const cairo = canvas.cairo();
    canvas.use(colour);
    ::cairo_new_path(cairo);
    ::cairo_move_to(cairo, tip.x, tip.y);
    ::cairo_line_to(cairo, tip.x - 6.0, tip.y + way);
    ::cairo_line_to(cairo, tip.x + 6.0, tip.y + way);
    ::cairo_close_path(cairo);
    ::cairo_fill(cairo);
}

void draw_shared_marks(const Plot& plot, const RunResult& result, const TimeAxis& time) {
    if (result.first_contrast_frame) {
        plot.draw_vertical(time.of(*result.first_contrast_frame), kContrastColour.faded(0.75), 1.2,
                           true);
    }
}

void draw_masks(const Canvas& canvas, const Plot& plot, const RunResult& result,
                const TimeAxis& time) {
    for (const FrameIndex mask : result.mask_frames) {
        const double x = plot.at_x(time.of(mask));
        canvas.fill({x - 2.5, plot.box().bottom() - 12.0, 5.0, 12.0}, kMaskColour, 1.0);
    }
}

void draw_sac(const Canvas& canvas, const RunResult& result, const TimeAxis& time, double y) {
    const Plot plot(canvas, plot_box(y, kSacHeight), time.range(), range_of(result.sac_curve, 0.1));
    plot.draw_ground(kPanel);
    plot.draw_x_ticks(time.ticks(), false);
    plot.draw_y_ticks(4);
    draw_shared_marks(plot, result, time);
    draw_masks(canvas, plot, result, time);
    plot.draw_band(time.of_curve(result.sac_curve), result.sac_curve.opacity,
                   result.sac_curve.noise, kSacColour.faded(0.3));
    plot.draw_curve(time.of_curve(result.sac_curve), result.sac_curve.opacity, kSacColour, 2.2);
    canvas.text({kMargin, y + 24.0}, "Thecal sac", kHeading);
    canvas.text(
        {kMargin, y + 48.0},
        result.sac_curve.opacity.empty() ? "not found in this run" : "mean opacity on its axis",
        kSmall);
    if (result.first_contrast_frame) {
        canvas.text({kMargin, y + 68.0},
                    "first contrast: frame " + time.name_of(*result.first_contrast_frame), kSmall);
    }
}

void draw_highlight(const Canvas& canvas, const RunResult& result, const Highlight& highlight,
                    const TimeAxis& time, double y) {
    constexpr double kLeastOpacity = 0.01;
    const Colour colour = colour_of(highlight.kind);
    const Plot plot(canvas, plot_box(y, kHighlightHeight), time.range(),
                    range_of(highlight.curve, kLeastOpacity));
    plot.draw_ground(kPanel);
    plot.draw_x_ticks(time.ticks(), false);
    plot.draw_y_ticks(4);
    draw_shared_marks(plot, result, time);
    plot.draw_band(time.of_curve(highlight.curve), highlight.curve.opacity, highlight.curve.noise,
                   colour.faded(0.28));
    plot.draw_curve(time.of_curve(highlight.curve), highlight.curve.opacity, colour, 2.2);
    const double onset = time.of(highlight.onset_frame);
    const double alarm = time.of(highlight.alarm_frame);
    plot.draw_vertical(onset, colour, 1.4, false);
    plot.draw_vertical(alarm, colour, 1.4, true);
    draw_arrow(canvas, {plot.at_x(onset), plot.box().bottom() - 11.0}, true, colour);
    draw_arrow(canvas, {plot.at_x(alarm), plot.box().y + 11.0}, false, colour);

    draw_badge(canvas, {kMargin + 12.0, y + 18.0}, highlight);
    const double x = kMargin + 32.0;
    const double width = kLabelWidth - 40.0;
    const auto label = [&](double at, const std::string& text, const TextStyle& style) {
        canvas.text({x, y + at}, canvas.fitted(text, style, width), style);
    };
    label(24.0, spoken(highlight.kind), kHeading);
    label(47.0, place_of(highlight), kBody);
    label(68.0, std::string(to_string(highlight.grade)) + ", " + fixed(highlight.confidence, 2),
          {kSmall.size, kText, true});
    label(88.0,
          "onset frame " + time.name_of(highlight.onset_frame) + ", alarm " +
              time.name_of(highlight.alarm_frame),
          kSmall);
    if (highlight.delay_after_sac_s && result.run.has_timing()) {
        label(108.0, fixed(*highlight.delay_after_sac_s, 1) + " s after the sac", kSmall);
    }
}

Colour quality_colour(Quality quality) {
    switch (quality) {
        case Quality::good:
            return {0.34, 0.71, 0.91};
        case Quality::fair:
            return {0.94, 0.84, 0.26};
        case Quality::poor:
            return {0.95, 0.52, 0.18};
        case Quality::failed:
            return {0.87, 0.45, 0.70};
        case Quality::no_mask:
            break;
    }
    return {0.40, 0.42, 0.45};
}

double highest_ratio(const RunResult& result) {
    constexpr double kLeast = 2.0;
    constexpr double kMost = 8.0;  // beyond, a bar reaches the top; the text gives the figure
    double highest = kLeast;
    for (const FrameMotion& motion : result.motion) {
        if (motion.artefact_ratio && std::isfinite(*motion.artefact_ratio)) {
            highest = std::max(highest, *motion.artefact_ratio * 1.1);
        }
    }
    return std::min(highest, kMost);
}

std::string quality_text(const RunResult& result) {
    std::vector<double> ratios;
    for (const FrameMotion& motion : result.motion) {
        if (motion.artefact_ratio && std::isfinite(*motion.artefact_ratio)) {
            ratios.push_back(*motion.artefact_ratio);
        }
    }
    if (ratios.empty()) {
        return "not measured in this run";
    }
    std::sort(ratios.begin(), ratios.end());
    return "median " + fixed(ratios[ratios.size() / 2], 2) + ", worst " + fixed(ratios.back(), 2);
}

void draw_quality(const Canvas& canvas, const RunResult& result, const TimeAxis& time, double y) {
    const double highest = highest_ratio(result);
    const Plot plot(canvas, plot_box(y, kQualityHeight), time.range(), {0.0, highest});
    plot.draw_ground(kPanel);
    plot.draw_x_ticks(time.ticks(), true);
    const double width = std::clamp(
        0.7 * plot.box().width / std::max(1.0, static_cast<double>(result.run.frames)), 1.0, 24.0);
    for (const FrameMotion& motion : result.motion) {
        const double x = plot.at_x(time.of(motion.frame));
        // Without a ratio there is a stub: the frame was there, nothing was measured in it.
        const double ratio =
            std::clamp(motion.artefact_ratio.value_or(0.06 * highest), 0.0, highest);
        canvas.fill(
            {x - width / 2, plot.at_y(ratio), width, plot.box().bottom() - plot.at_y(ratio)},
            quality_colour(motion.quality));
    }
    plot.draw_y_ticks(4);
    plot.draw_horizontal(1.0, kContrastColour.faded(0.8), true);
    canvas.text({kMargin, y + 24.0}, "Artefact ratio", kHeading);
    canvas.text({kMargin, y + 48.0}, quality_text(result), kSmall);
    canvas.text({kMargin, y + 68.0}, "1 is quantum noise alone", kSmall);
    canvas.text({plot.box().x + plot.box().width / 2, plot.box().bottom() + 42.0}, time.name(),
                kSmall, Align::centre);
}

// What the marks mean, drawn as they are drawn above.
void draw_key(const Canvas& canvas, const RunResult& result, double y) {
    double x = kMargin + kLabelWidth + kTickWidth;
    const auto entry = [&](const std::string& text, const auto& symbol) {
        symbol(Point{x + 8.0, y});
        canvas.text({x + 24.0, y + 5.0}, text, kSmall);
        x += 24.0 + canvas.text_width(text, kSmall) + 30.0;
    };
    if (!result.highlights.empty()) {
        entry("onset", [&](Point at) { draw_arrow(canvas, {at.x, at.y - 5}, true, kText); });
        entry("alarm", [&](Point at) { draw_arrow(canvas, {at.x, at.y + 5}, false, kText); });
    }
    if (!result.mask_frames.empty()) {
        entry("mask frame", [&](Point at) {
            canvas.fill({at.x - 2.5, at.y - 6, 5, 12}, kMaskColour, 1.0);
        });
    }
    if (result.first_contrast_frame) {
        entry("first contrast", [&](Point at) {
            canvas.line({at.x, at.y - 7}, {at.x, at.y - 2}, kContrastColour, 1.4);
            canvas.line({at.x, at.y + 2}, {at.x, at.y + 7}, kContrastColour, 1.4);
        });
    }
    for (const Quality quality :
         {Quality::good, Quality::fair, Quality::poor, Quality::failed, Quality::no_mask}) {
        const bool used = std::any_of(result.motion.begin(), result.motion.end(),
                                      [&](const FrameMotion& m) { return m.quality == quality; });
        if (used) {
            const std::string name = quality == Quality::no_mask ? "no mask" : to_string(quality);
            entry(name, [&](Point at) {
                canvas.fill({at.x - 6, at.y - 6, 12, 12}, quality_colour(quality));
            });
        }
    }
}

}  // namespace

Canvas timeline_picture(const RunResult& result, TimelineFrame frame) {
    constexpr double kBareTop = 20.0;
    constexpr double kBareBottom = 8.0;
    const bool whole = frame == TimelineFrame::whole;
    const std::string subject =
        result.opacity_relative ? "opacity (relative) against time" : "opacity against time";
    const Canvas ruler(static_cast<int>(kWidth), 8, kSurround);
    const double header = whole ? draw_header(ruler, result, subject) : kBareTop;
    const auto order = ranked(result);
    const std::size_t shown = std::min(order.size(), kMostRows);
    const double rows = static_cast<double>(shown) * (kHighlightHeight + kRowGap);
    const double more = shown < order.size() ? 26.0 : 0.0;
    const double quality_y = header + 8.0 + kSacHeight + kRowGap + rows + more;
    const double key_y = quality_y + kQualityHeight + 66.0;
    const double footer_y = key_y + kKeyHeight - 12.0;
    const double footer = whole ? footer_height(ruler, result) : kBareBottom;
    Canvas canvas(static_cast<int>(kWidth), static_cast<int>(std::ceil(footer_y + footer)),
                  kSurround);
    const TimeAxis time(result.run);
    if (whole) {
        draw_header(canvas, result, subject);
    }
    double y = header + 8.0;
    draw_sac(canvas, result, time, y);
    y += kSacHeight + kRowGap;
    for (std::size_t i = 0; i < shown; ++i) {
        draw_highlight(canvas, result, *order[i], time, y);
        y += kHighlightHeight + kRowGap;
    }
    if (more > 0.0) {
        canvas.text(
            {plot_box(0, 0).x, y + 12.0},
            "and " + std::to_string(order.size() - shown) + " more highlights, see result.json",
            {kSmall.size, kText, true});
    }
    draw_quality(canvas, result, time, quality_y);
    draw_key(canvas, result, key_y);
    if (whole) {
        draw_footer(canvas, result, footer_y);
    }
    return canvas;
}

Result<void> write_timeline(const std::filesystem::path& file, const RunResult& result) {
    return timeline_picture(result, TimelineFrame::whole).write_png(file);
}

}  // namespace dsm
