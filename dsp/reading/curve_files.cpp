#include "dsp/reading/curve_files.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "dsp/core/atomic_file.h"
#include "dsp/core/version.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/plot.h"
#include "dsp/reading/curve_picture.h"
#include "dsp/reading/report_document.h"

namespace dsm {

namespace {

using picture::Plot;
using picture::Range;

std::string cell(const std::string& text) {
    std::string quoted = "\"";
    if (!text.empty() && std::string("=+-@\t\r").find(text.front()) != std::string::npos) {
        quoted += '\'';
    }
    for (const char c : text) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + '"';
}

std::string value(double number) {
    if (!std::isfinite(number)) {
        return {};
    }
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", number);
    return text;
}

// Okabe and Ito (2008), light enough for a dark ground.
constexpr std::array<Colour, 6> kColours{{{0.94, 0.84, 0.47},
                                          {0.34, 0.71, 0.91},
                                          {0.00, 0.67, 0.51},
                                          {0.80, 0.47, 0.65},
                                          {0.90, 0.55, 0.16},
                                          {0.59, 0.63, 0.94}}};

Colour colour_of(std::size_t index) {
    return kColours[index % kColours.size()];
}

Range times_of(const RunInfo& run) {
    if (!run.has_timing()) {
        return {1.0, std::max(2.0, static_cast<double>(run.frames))};
    }
    return {run.frame_time_s.front(),
            std::max(run.frame_time_s.back(), run.frame_time_s.front() + 1e-3)};
}

Range values_of(const std::vector<NamedCurve>& curves) {
    Range range{-0.005, 0.02};
    for (const auto& [name, curve] : curves) {
        for (std::size_t i = 0; i < curve.opacity.size(); ++i) {
            const double noise = i < curve.noise.size() ? curve.noise[i] : 0.0;
            if (std::isfinite(curve.opacity[i]) && std::isfinite(noise)) {
                range.low = std::min(range.low, curve.opacity[i] - noise);
                range.high = std::max(range.high, curve.opacity[i] + noise);
            }
        }
    }
    const double margin = 0.05 * (range.high - range.low);
    return {range.low - margin, range.high + margin};
}

void draw_legend(const Canvas& canvas, const Box& box, const std::vector<NamedCurve>& curves) {
    double y = box.y + 18.0;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const TextStyle style{15.0, colour_of(i), true};
        canvas.line({box.x + 12.0, y - 5.0}, {box.x + 36.0, y - 5.0}, colour_of(i), 3.0);
        canvas.text({box.x + 44.0, y},
                    canvas.fitted(reading::harmless(curves[i].name), style, 0.5 * box.width),
                    style);
        y += 21.0;
    }
}

}  // namespace

namespace reading {

Canvas curves_chart(const RunInfo& run, const std::vector<NamedCurve>& curves, Extent size) {
    const double width = size.width;
    const double height = size.height;
    Canvas canvas(size.width, size.height, picture::kSurround);
    const Box box{96.0, 56.0, width - 128.0, height - 150.0};
    const Range times = times_of(run);
    const Plot plot(canvas, box, times, values_of(curves));
    canvas.text({box.x, 36.0},
                "Opacity against time, band \xc2\xb1"
                "1 standard error",
                picture::kHeading);
    plot.draw_ground(picture::kPanel);
    plot.draw_y_ticks(7);
    plot.draw_x_ticks(picture::round_ticks(times.low, times.high, 10), true);
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const OpacityCurve& curve = curves[i].curve;
        if (curve.noise.size() == curve.opacity.size()) {
            plot.draw_band(curve.time_s, curve.opacity, curve.noise, colour_of(i).faded(0.25));
        }
        plot.draw_curve(curve.time_s, curve.opacity, colour_of(i), 2.0);
    }
    draw_legend(canvas, box, curves);
    canvas.text({box.right(), box.bottom() + 52.0},
                run.has_timing() ? "seconds" : "frame (timing unknown)", picture::kSmall,
                Align::right);
    canvas.text({0.5 * width, height - 16.0}, kNotice, picture::kSmall, Align::centre);
    return canvas;
}

}  // namespace reading

std::string curves_csv(const RunInfo& run, const std::vector<NamedCurve>& curves) {
    std::string text = "frame,time_s";
    for (const NamedCurve& each : curves) {
        text += "," + cell(each.name + " opacity") + "," + cell(each.name + " noise");
    }
    text += "\r\n";
    std::vector<std::size_t> next(curves.size(), 0);
    for (FrameIndex frame = 0; frame < run.frames; ++frame) {
        const auto time_s = time_of(run, frame);
        text += std::to_string(frame + 1) + "," + (time_s ? value(*time_s) : std::string());
        const double at = time_s.value_or(frame + 1.0);
        for (std::size_t i = 0; i < curves.size(); ++i) {
            const OpacityCurve& curve = curves[i].curve;
            std::size_t& entry = next[i];
            if (entry < curve.time_s.size() && entry < curve.opacity.size() &&
                curve.time_s[entry] == at) {
                text += "," + value(curve.opacity[entry]) + "," +
                        (entry < curve.noise.size() ? value(curve.noise[entry]) : std::string());
                ++entry;
            } else {
                text += ",,";
            }
        }
        text += "\r\n";
    }
    return text;
}

Result<void> write_curves(const std::filesystem::path& file, const RunInfo& run,
                          const std::vector<NamedCurve>& curves) {
    if (curves.empty()) {
        return fail(ErrorKind::invalid_input, file.string(), "there are no curves to save",
                    "draw a region (E), or choose a highlight");
    }
    if (file.extension() == ".csv") {
        return write_file_atomically(file, curves_csv(run, curves));
    }
    if (file.extension() == ".png") {
        return reading::curves_chart(run, curves).write_png(file);
    }
    return fail(ErrorKind::invalid_input, file.string(), "curves are written as .csv or .png",
                "give it one of these names");
}

}  // namespace dsm
