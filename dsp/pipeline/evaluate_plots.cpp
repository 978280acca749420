#include <algorithm>
#include <cmath>
#include <span>
#include <system_error>

#include "dsp/core/atomic_file.h"
#include "dsp/pipeline/evaluate.h"
#include "dsp/pipeline/evaluate_detail.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/plot.h"
#include "dsp/pipeline/text_table.h"

namespace dsm {
namespace {

using namespace picture;

constexpr int kWidth = 900;
constexpr int kHeight = 640;
constexpr Box kBox{90.0, 96.0, kWidth - 130.0, kHeight - 190.0};
constexpr Colour kCurve{0.98, 0.84, 0.25};

Canvas titled(const std::string& title, const std::string& subtitle, const std::string& x_axis,
              const std::string& y_axis) {
    Canvas canvas(kWidth, kHeight, kSurround);
    canvas.text({kMargin, 42.0}, title, kTitle);
    canvas.text({kMargin, 68.0}, subtitle, kSmall);
    canvas.text({kMargin, 88.0}, y_axis, kSmall);
    canvas.text({kBox.x + 0.5 * kBox.width, kBox.bottom() + 50.0}, x_axis, kSmall, Align::centre);
    canvas.text({kMargin, kHeight - 20.0}, "Research software, not for diagnostic use", kSmall);
    return canvas;
}

struct Found {
    double confidence;
    bool hit;  // counts as found
    bool false_alarm;
};

// Leaks by the surest highlight on each, and false alarms.
std::vector<Found> by_confidence(const Score& score) {
    std::vector<Found> all;
    for (const RunScore& run : score.runs) {
        for (const TrueLeak& leak : run.detail.leaks) {
            if (leak.best_confidence > 0.0) {
                all.push_back({leak.best_confidence, true, false});
            }
        }
        for (const JudgedHighlight& highlight : run.detail.highlights) {
            if (!highlight.near_leak) {
                all.push_back({highlight.confidence, false, true});
            }
        }
    }
    std::sort(all.begin(), all.end(),
              [](const Found& a, const Found& b) { return a.confidence > b.confidence; });
    return all;
}

constexpr double kMostFalse = 2.0;  // false alarms per run, where the axis ends

struct Staircase {
    std::vector<double> x{0.0}, y{0.0};
};

// Across for a false alarm, up for a leak.
Staircase staircase_of(const Score& score) {
    int leaks = 0;
    for (const RunScore& run : score.runs) {
        leaks += run.truths;
    }
    const auto runs = static_cast<double>(std::max<std::size_t>(1, score.runs.size()));
    Staircase stairs;
    for (const Found& each : by_confidence(score)) {
        stairs.x.push_back(stairs.x.back() + (each.false_alarm ? 1.0 / runs : 0.0));
        stairs.y.push_back(stairs.y.back() + (each.hit ? 1.0 / std::max(1, leaks) : 0.0));
    }
    // No lower confidence finds more.
    stairs.x.push_back(std::max(100.0, stairs.x.back()));
    stairs.y.push_back(stairs.y.back());
    return stairs;
}

// Simple maps need many more false alarms than ours: where there are several methods, the axis of
// false alarms is logarithmic.
struct FalseAlarmAxis {
    bool logarithmic;
    [[nodiscard]] Range range() const {
        return logarithmic ? Range{at(0.02), at(40.0)} : Range{0.0, kMostFalse};
    }
    [[nodiscard]] double at(double per_run) const {
        return logarithmic ? std::log10(std::max(0.02, per_run)) : per_run;
    }
    void draw(const Plot& plot, const Canvas& canvas) const {
        plot.draw_y_ticks(5);
        if (logarithmic) {
            for (const double tick : {0.05, 0.25, 1.0, 4.0, 16.0}) {
                plot.draw_x_ticks({at(tick)}, false);
                canvas.text({plot.at_x(at(tick)), plot.box().bottom() + 22.0}, plain(tick), kSmall,
                            Align::centre);
            }
        } else {
            plot.draw_x_ticks({0.0, 0.25, 0.5, 1.0, 1.5, 2.0}, true);
        }
        plot.draw_vertical(at(0.25), kDim, 1.5, true);
    }
};

void draw_legend(const Canvas& canvas, const std::vector<NamedScore>& methods,
                 std::span<const Colour> colours) {
    double y = kBox.y + 22.0;
    for (std::size_t i = 0; i < methods.size(); ++i, y += 22.0) {
        canvas.disc({kBox.right() - 190.0, y - 5.0}, 5.0, colours[i % colours.size()]);
        canvas.text({kBox.right() - 176.0, y}, methods[i].name, kSmall);
    }
}

Canvas free_response(const std::vector<NamedScore>& methods) {
    constexpr Colour kColours[] = {kCurve,
                                   {0.36, 0.70, 0.95},
                                   {0.35, 0.80, 0.55},
                                   {0.90, 0.50, 0.70},
                                   {0.80, 0.80, 0.80},
                                   {0.93, 0.55, 0.25}};
    const Score& any = methods.front().score;
    int leaks = 0;
    for (const RunScore& run : any.runs) {
        leaks += run.truths;
    }
    Canvas canvas = titled("Free-response curve",
                           std::to_string(any.runs.size()) + " runs, " + std::to_string(leaks) +
                               " true leaks; as the confidence asked for falls",
                           "false alarms per run", "sensitivity");
    const FalseAlarmAxis axis{methods.size() > 1};
    const Plot plot(canvas, kBox, axis.range(), {0.0, 1.0});
    plot.draw_ground(kPanel);
    axis.draw(plot, canvas);
    // The first, which is what the others are compared with, above them.
    for (std::size_t i = methods.size(); i-- > 0;) {
        Staircase stairs = staircase_of(methods[i].score);
        for (double& x : stairs.x) {
            x = axis.at(x);
        }
        plot.draw_curve(stairs.x, stairs.y, kColours[i % std::size(kColours)], i == 0 ? 2.5 : 1.8);
    }
    if (methods.size() > 1) {
        draw_legend(canvas, methods, kColours);
    }
    return canvas;
}

struct Bin {
    int lines{0};
    double confidence{0.0}, share{0.0};
};

std::vector<Bin> bins_of(const Score& score) {
    std::vector<Bin> bins(10);
    for (const RunScore& run : score.runs) {
        for (const JudgedHighlight& each : run.detail.highlights) {
            Bin& bin = bins[static_cast<std::size_t>(
                std::clamp(static_cast<int>(each.confidence * 10.0), 0, 9))];
            ++bin.lines;
            bin.confidence += each.confidence;
            bin.share += each.near_leak ? 1.0 : 0.0;
        }
    }
    for (Bin& bin : bins) {
        bin.confidence /= std::max(1, bin.lines);
        bin.share /= std::max(1, bin.lines);
    }
    return bins;
}

Canvas reliability(const Score& score) {
    const std::vector<Bin> bins = bins_of(score);
    int lines = 0;
    double error = 0.0;
    for (const Bin& bin : bins) {
        lines += bin.lines;
        error += bin.lines * std::abs(bin.confidence - bin.share);
    }
    Canvas canvas =
        titled("Reliability of the confidence",
               std::to_string(lines) + " highlights of a leak kind; Brier score " +
                   figure(totals_of(score).brier, 3) + ", expected calibration error " +
                   figure(lines > 0 ? std::optional(error / lines) : std::nullopt, 3) +
                   "; on the line is right",
               "confidence", "share that was a leak (number of highlights beside each)");
    const Plot plot(canvas, kBox, {0.0, 1.0}, {0.0, 1.0});
    plot.draw_ground(kPanel);
    plot.draw_y_ticks(5);
    plot.draw_x_ticks({0.0, 0.2, 0.4, 0.6, 0.8, 1.0}, true);
    plot.draw_curve({0.0, 1.0}, {0.0, 1.0}, kDim, 1.5);
    for (const Bin& bin : bins) {
        if (bin.lines == 0) {
            continue;
        }
        const Point centre{plot.at_x(bin.confidence), plot.at_y(bin.share)};
        canvas.disc(centre, 6.0, kCurve);
        const bool left = centre.x > kBox.right() - 60.0;
        canvas.text({centre.x + (left ? -12.0 : 12.0), centre.y + 5.0}, std::to_string(bin.lines),
                    kSmall, left ? Align::right : Align::left);
    }
    return canvas;
}

std::string leaks_csv(const Score& score) {
    std::string text =
        "run,kind,level,side,peak_opacity,over_noise,width_mm,after_first_contrast_s,"
        "artefact_ratio,best_confidence\n";
    for (const RunScore& run : score.runs) {
        for (const TrueLeak& leak : run.detail.leaks) {
            text += run.name + "," + leak.kind + "," + leak.level + "," + leak.side + "," +
                    figure(leak.peak_opacity, 5) + "," + figure(leak.over_noise, 3) + "," +
                    figure(leak.width_mm, 2) + "," + figure(leak.after_first_contrast_s, 2) + "," +
                    figure(leak.artefact_ratio, 3) + "," + figure(leak.best_confidence, 4) + "\n";
        }
    }
    return text;
}

std::string highlights_csv(const Score& score) {
    std::string text = "run,said,confidence,near_leak,cause\n";
    for (const RunScore& run : score.runs) {
        for (const JudgedHighlight& each : run.detail.highlights) {
            text += run.name + "," + each.said + "," + figure(each.confidence, 4) + "," +
                    (each.near_leak ? "1" : "0") + "," + each.cause + "\n";
        }
    }
    return text;
}

std::string kinds_csv(const Score& score) {
    std::string text = "run,is,said\n";
    for (const RunScore& run : score.runs) {
        for (const KindPair& pair : run.detail.kinds) {
            text += run.name + "," + pair.is + "," + pair.said + "\n";
        }
    }
    return text;
}

}  // namespace

Result<void> write_free_responses(const std::vector<NamedScore>& methods,
                                  const std::filesystem::path& file) {
    return free_response(methods).write_png(file);
}

Result<void> write_detail(const Score& score, const std::filesystem::path& folder) {
    std::error_code made;
    std::filesystem::create_directories(folder, made);
    if (made) {
        return fail(ErrorKind::io, folder.string(), "cannot be made: " + made.message(),
                    "choose another folder with --out");
    }
    return write_file_atomically(folder / "leaks.csv", leaks_csv(score))
        .and_then(
            [&] { return write_file_atomically(folder / "highlights.csv", highlights_csv(score)); })
        .and_then([&] { return write_file_atomically(folder / "kinds.csv", kinds_csv(score)); })
        .and_then(
            [&] { return write_file_atomically(folder / "detail.txt", detail_tables(score)); })
        .and_then([&] {
            return write_free_responses({{"", score}}, folder / "free_response.png");
        })
        .and_then([&] { return reliability(score).write_png(folder / "reliability.png"); });
}

}  // namespace dsm
