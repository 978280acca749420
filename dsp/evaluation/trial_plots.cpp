#include "dsp/evaluation/trial_plots.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>

#include "dsp/evaluation/trial_summary.h"
#include "dsp/pipeline/picture_style.h"

namespace dsm::evaluation {
namespace {

using picture::kBody;
using picture::kDim;
using picture::kMargin;
using picture::kPanel;
using picture::kRule;
using picture::kSmall;
using picture::kSurround;
using picture::kText;
using picture::kTitle;

// Hues that differ in lightness too, for eyes that do not tell red from green.
constexpr std::array kHues{
    Colour{0.62, 0.64, 0.68}, Colour{0.55, 0.41, 0.30}, Colour{0.80, 0.62, 0.42},
    Colour{0.45, 0.35, 0.70}, Colour{0.68, 0.58, 0.92}, Colour{0.35, 0.78, 0.86},
    Colour{0.13, 0.53, 0.75}, Colour{0.90, 0.52, 0.75}, Colour{0.60, 0.80, 0.36},
    Colour{0.20, 0.60, 0.40}, Colour{0.93, 0.40, 0.32}};
constexpr Colour kOwnHue{0.98, 0.84, 0.25};
constexpr Colour kOwnReviewHue{0.98, 0.70, 0.15};

struct Series {
    std::string name;
    std::vector<std::optional<double>> values;  // one per row of the chart
};

bool is_own(const Series& series) {
    return series.name == kOurs || series.name == kOursReview;
}

struct Chart {
    std::string title, subtitle, axis;
    std::vector<std::string> rows;
    std::vector<Series> series;
    double low{0.01}, high{1.0};
    bool logarithmic{true};
    std::vector<double> ticks;
    std::optional<double> ideal;
};

// A method has the same hue in every chart: `peer` counts the methods that are not ours.
Colour hue_of(const std::string& name, std::size_t peer) {
    if (name == kOurs) {
        return kOwnHue;
    }
    return name == kOursReview ? kOwnReviewHue : kHues[peer % kHues.size()];
}

class ChartPicture {
 public:
    explicit ChartPicture(const Chart& chart)
        : chart_(chart),
          canvas_(kWidth, height_of(chart), kSurround),
          box_{kMargin + kNames, kTop, kWidth - 2.0 * kMargin - kNames - kLegend,
               kRow * static_cast<double>(chart.rows.size())} {}

    [[nodiscard]] const Canvas& draw() const {
        canvas_.text({kMargin, 42.0}, chart_.title, kTitle);
        canvas_.text({kMargin, 68.0}, chart_.subtitle, kSmall);
        draw_frame();
        for (std::size_t i = 0; i < chart_.series.size(); ++i) {
            draw_series(i);
        }
        return canvas_;
    }

 private:
    static constexpr int kWidth = 1400;
    static constexpr double kTop = 92.0;
    static constexpr double kRow = 52.0;
    static constexpr double kBottom = 64.0;
    static constexpr double kNames = 200.0;
    static constexpr double kLegend = 210.0;
    static constexpr double kLegendLine = 24.0;

    // Rows below one another on the left, methods on the right.
    static int height_of(const Chart& chart) {
        const double rows = kTop + kRow * static_cast<double>(chart.rows.size()) + kBottom;
        const double legend = kTop + kLegendLine * (static_cast<double>(chart.series.size()) + 0.5);
        return static_cast<int>(std::max(rows, legend));
    }

    [[nodiscard]] double at(double value) const {
        const auto place = [&](double v) {
            return chart_.logarithmic ? std::log(std::max(v, 1e-12)) : v;
        };
        const double part =
            (place(std::clamp(value, chart_.low, chart_.high)) - place(chart_.low)) /
            (place(chart_.high) - place(chart_.low));
        return box_.x + part * box_.width;
    }
    [[nodiscard]] double middle_of(std::size_t row) const {
        return box_.y + kRow * (static_cast<double>(row) + 0.5);
    }
    void draw_frame() const {
        for (std::size_t row = 0; row < chart_.rows.size(); ++row) {
            const Box band{box_.x, box_.y + kRow * static_cast<double>(row) + 2.0, box_.width,
                           kRow - 4.0};
            canvas_.fill(band, kPanel, 4.0);
            canvas_.text({box_.x - 14.0, middle_of(row) + 5.0},
                         canvas_.fitted(chart_.rows[row], kBody, kNames - 16.0), kBody,
                         Align::right);
        }
        for (const double tick : chart_.ticks) {
            canvas_.line({at(tick), box_.y}, {at(tick), box_.bottom()},
                         kRule.faded(tick == chart_.ideal ? 1.0 : 0.5),
                         tick == chart_.ideal ? 2.0 : 1.0);
            canvas_.text({at(tick), box_.bottom() + 20.0}, picture::plain(tick), kSmall,
                         Align::centre);
        }
        canvas_.text({box_.x + 0.5 * box_.width, box_.bottom() + 44.0}, chart_.axis, kSmall,
                     Align::centre);
    }
    // Dots of one row are spread a little up and down so that equal values stay visible.
    void draw_series(std::size_t place) const {
        const Series& series = chart_.series[place];
        const bool own = is_own(series);
        const auto before = chart_.series.begin() + static_cast<std::ptrdiff_t>(place);
        const auto ours = std::count_if(chart_.series.begin(), before, is_own);
        const Colour hue = hue_of(series.name, place - static_cast<std::size_t>(ours));
        const auto count = static_cast<double>(chart_.series.size());
        const double aside = (static_cast<double>(place) + 0.5) / count - 0.5;
        for (std::size_t row = 0; row < series.values.size(); ++row) {
            if (!series.values[row]) {
                continue;
            }
            const double value = *series.values[row];
            const Point centre{at(value), middle_of(row) + aside * 0.78 * kRow};
            canvas_.disc(centre, own ? 6.5 : 4.5, hue);
            if (value < chart_.low || value > chart_.high) {
                const double way = value < chart_.low ? -1.0 : 1.0;
                canvas_.line(centre, {centre.x + 12.0 * way, centre.y}, hue, 2.0);
            }
        }
        const double y = kTop + 20.0 + kLegendLine * static_cast<double>(place);
        canvas_.disc({box_.right() + 30.0, y - 5.0}, own ? 6.5 : 4.5, hue);
        canvas_.text({box_.right() + 46.0, y}, series.name, own ? kBody : kSmall);
    }

    const Chart& chart_;
    Canvas canvas_;
    Box box_;
};

using CaseFigure = std::function<std::optional<double>(const CaseSummary&)>;

Chart chart_of_cases(const TrialReport& report, const CaseFigure& figure) {
    const std::vector<CaseSummary> summaries = summarise(report.scenes);
    Chart chart;
    std::vector<TrialCase> cases;
    for (const CaseSummary& each : summaries) {
        if (std::find(cases.begin(), cases.end(), each.trial_case) == cases.end()) {
            cases.push_back(each.trial_case);
            chart.rows.emplace_back(to_string(each.trial_case));
        }
    }
    for (const std::string& method : report.scenes.methods) {
        Series series{method, std::vector<std::optional<double>>(cases.size())};
        for (const CaseSummary& each : summaries) {
            if (each.method == method) {
                const auto row = std::find(cases.begin(), cases.end(), each.trial_case);
                series.values[static_cast<std::size_t>(row - cases.begin())] = figure(each);
            }
        }
        const bool any = std::any_of(series.values.begin(), series.values.end(),
                                     [](const auto& value) { return value.has_value(); });
        if (any) {
            chart.series.push_back(std::move(series));
        }
    }
    return chart;
}

Chart artefact_chart(const TrialReport& report) {
    Chart chart = chart_of_cases(
        report, [](const CaseSummary& each) { return std::optional(each.artefact); });
    chart.title = "Artefact that registration leaves";
    chart.subtitle =
        "Median over live frames with contrast; noise-free residue away from contrast, "
        "in units of the noise floor";
    chart.axis = "A (logarithmic); dots at the edges lie beyond the scale";
    chart.low = 0.002;
    chart.high = 5.0;
    chart.ticks = {0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0};
    return chart;
}

Chart kept_chart(const TrialReport& report) {
    Chart chart = chart_of_cases(report, [](const CaseSummary& each) { return each.keep_leak; });
    chart.title = "Contrast of a 2 mm vein that is kept";
    chart.subtitle = "Median slope of recovered against true opacity around the vein; 1 is right";
    chart.axis = "slope; dots at the edges lie beyond the scale";
    chart.low = 0.5;
    chart.high = 1.5;
    chart.logarithmic = false;
    chart.ticks = {0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5};
    chart.ideal = 1.0;
    return chart;
}

Chart time_chart(const TrialReport& report) {
    Chart chart = chart_of_cases(report, [](const CaseSummary& each) -> std::optional<double> {
        return each.method == kOracle ? std::nullopt : std::optional(each.time_ms);
    });
    chart.title = "Time for one frame";
    chart.subtitle = "Median, interleaved in one process with " +
                     std::to_string(report.options.threads) +
                     " threads: estimate, resample, subtract";
    chart.axis = "ms (logarithmic)";
    chart.low = 1.0;
    chart.high = 50000.0;
    chart.ticks = {1, 3, 10, 30, 100, 300, 1000, 3000, 10000, 50000};
    return chart;
}

Chart runs_chart(const TrialReport& report) {
    Chart chart;
    chart.title = "Artefact ratio on runs with a truth";
    chart.subtitle =
        "Residue away from contrast over the pixel noise of the same subtraction; 1 "
        "is perfect";
    chart.axis = "artefact ratio (logarithmic)";
    chart.low = 0.8;
    chart.high = 20.0;
    chart.ticks = {0.8, 1.0, 1.3, 2.0, 3.0, 5.0, 10.0, 20.0};
    chart.ideal = 1.0;
    for (const RunRow& row : report.runs.rows) {
        if (std::find(chart.rows.begin(), chart.rows.end(), row.run) == chart.rows.end()) {
            chart.rows.push_back(row.run);
        }
    }
    for (const std::string& method : report.runs.methods) {
        Series series{method, std::vector<std::optional<double>>(chart.rows.size())};
        for (const RunRow& row : report.runs.rows) {
            if (row.method == method) {
                const auto at = std::find(chart.rows.begin(), chart.rows.end(), row.run);
                series.values[static_cast<std::size_t>(at - chart.rows.begin())] =
                    row.score.artefact_ratio;
            }
        }
        chart.series.push_back(std::move(series));
    }
    return chart;
}

}  // namespace

Result<std::vector<std::filesystem::path>> write_trial_plots(const TrialReport& report,
                                                             const std::filesystem::path& folder) {
    std::vector<std::pair<std::string, Chart>> charts;
    if (!report.scenes.rows.empty()) {
        charts.emplace_back("artefact.png", artefact_chart(report));
        charts.emplace_back("kept.png", kept_chart(report));
        charts.emplace_back("time.png", time_chart(report));
    }
    if (!report.runs.rows.empty()) {
        charts.emplace_back("runs.png", runs_chart(report));
    }
    std::vector<std::filesystem::path> files;
    for (const auto& [name, chart] : charts) {
        const ChartPicture picture(chart);
        files.push_back(folder / name);
        if (auto written = picture.draw().write_png(files.back()); !written) {
            return tl::unexpected(written.error());
        }
    }
    return files;
}

}  // namespace dsm::evaluation
