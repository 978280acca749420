#include "dsp/pipeline/bench_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/plot.h"
#include "dsp/pipeline/text_table.h"

namespace dsm {
namespace {

using picture::fixed;

constexpr double kMegabyte = 1e6;

Colour part_colour(std::size_t part) {
    const auto& [red, green, blue] = kFramePartColours[part];
    return {static_cast<double>(red), static_cast<double>(green), static_cast<double>(blue)};
}

constexpr Colour kLateColour{0.93, 0.36, 0.30};

std::vector<std::string> row(const std::string& name, const Spread& spread) {
    return {name, fixed(spread.p50, 2), fixed(spread.p95, 2), fixed(spread.p99, 2),
            fixed(spread.max, 2)};
}

std::string pace_of(const BenchResult& result) {
    return result.rate_hz > 0.0 ? fixed(result.rate_hz, 1) + " frames/s" : "flat out";
}

std::string setting_of(const BenchResult& result) {
    return std::to_string(result.extent.width) + " x " + std::to_string(result.extent.height) +
           ", " + std::to_string(result.bits) + " bit, " + std::to_string(result.frames.size()) +
           " frames, " + pace_of(result) + ", " + result.backend +
           (result.device == "cpu" ? "" : " (" + result.device + ")") + ", " +
           std::to_string(result.threads) + (result.threads == 1 ? " thread" : " threads");
}

nlohmann::json json_of(const Spread& spread) {
    return {{"p50", spread.p50}, {"p95", spread.p95}, {"p99", spread.p99}, {"max", spread.max}};
}

double interval_ms(const BenchResult& result) {
    return result.rate_hz > 0.0 ? 1e3 / result.rate_hz : 0.0;
}

void draw_stack(const Canvas& canvas, const Box& box, const BenchResult& result) {
    const double high = 1.1 * std::max({1e-3, interval_ms(result), result.process_ms.max});
    const auto count = static_cast<double>(std::max<std::size_t>(1, result.frames.size()));
    const picture::Plot plot(canvas, box, {0.0, count}, {0.0, high});
    plot.draw_ground(picture::kPanel);
    plot.draw_y_ticks(5);
    plot.draw_x_ticks(picture::round_ticks(0.0, count, 8), true);
    const double width = std::max(1.0, box.width / count);
    for (std::size_t k = 0; k < result.frames.size(); ++k) {
        double from = 0.0;
        const double x = plot.at_x(static_cast<double>(k));
        const auto bar = [&](double until, Colour colour) {
            canvas.fill({x, plot.at_y(until), width, plot.at_y(from) - plot.at_y(until)}, colour);
            from = until;
        };
        for (std::size_t part = 0; part < kFrameParts; ++part) {
            bar(from + result.frames[k].part_ms[part], part_colour(part));
        }
        bar(std::max(from, result.frames[k].process_ms), picture::kRule);
        if (result.frames[k].late) {
            canvas.fill({x, box.y, std::max(2.0, width), 8.0}, kLateColour);
        }
    }
    if (result.rate_hz > 0.0) {
        plot.draw_horizontal(interval_ms(result), picture::kText, true);
    }
}

void draw_histogram(const Canvas& canvas, const Box& box, const BenchResult& result) {
    constexpr int kBins = 80;
    const double high = 1.05 * std::max(1e-3, result.latency_ms.max);
    std::array<double, kBins> bins{};
    for (const BenchFrame& frame : result.frames) {
        const auto bin = static_cast<int>(frame.latency_ms / high * kBins);
        bins[static_cast<std::size_t>(std::clamp(bin, 0, kBins - 1))] += 1.0;
    }
    const double most = *std::max_element(bins.begin(), bins.end());
    const picture::Plot plot(canvas, box, {0.0, high}, {0.0, 1.08 * std::max(1.0, most)});
    plot.draw_ground(picture::kPanel);
    plot.draw_y_ticks(4);
    plot.draw_x_ticks(picture::round_ticks(0.0, high, 10), true);
    for (int bin = 0; bin < kBins; ++bin) {
        const double from = plot.at_x(high * bin / kBins);
        const double to = plot.at_x(high * (bin + 1) / kBins);
        const double top = plot.at_y(bins[static_cast<std::size_t>(bin)]);
        canvas.fill({from, top, std::max(1.0, to - from - 1.0), box.bottom() - top},
                    part_colour(1));
    }
    plot.draw_vertical(result.latency_ms.p99, picture::kText, 1.5, true);
}

void draw_key(const Canvas& canvas, double x, double y) {
    for (std::size_t part = 0; part <= kFrameParts; ++part) {
        const bool rest = part == kFrameParts;
        const std::string name = rest ? "other" : std::string(kFramePartNames[part]);
        canvas.fill({x, y - 11.0, 14.0, 14.0}, rest ? picture::kRule : part_colour(part));
        canvas.text({x + 21.0, y}, name, picture::kSmall);
        x += 21.0 + canvas.text_width(name, picture::kSmall) + 26.0;
    }
    canvas.fill({x, y - 11.0, 14.0, 14.0}, kLateColour);
    canvas.text({x + 21.0, y}, "late", picture::kSmall);
}

bool gpu_used(const BenchResult& result) {
    return std::any_of(result.gpu.begin(), result.gpu.end(),
                       [](const GpuStageSummary& stage) { return stage.frames > 0; });
}

// Of a frame, all stages together; a stage that not every frame asks for counts as often as it was.
GpuStageSummary gpu_total(const BenchResult& result) {
    GpuStageSummary total;
    total.frames = result.frames.size();
    for (const GpuStageSummary& stage : result.gpu) {
        const double share = static_cast<double>(stage.frames) /
                             static_cast<double>(std::max<std::size_t>(1, total.frames));
        total.device_bytes += share * stage.device_bytes;
        total.upload_bytes += share * stage.upload_bytes;
        total.readback_bytes += share * stage.readback_bytes;
        total.waits += share * stage.waits;
    }
    return total;
}

std::string gpu_text(const BenchResult& result) {
    TextTable rows{{"on " + result.device, "frames", "MB moved", "ms at 300 GB/s", "shader p50 ms",
                    "p99 ms", "MB up", "MB back", "waits"}};
    for (std::size_t i = 0; i < kGpuStages; ++i) {
        const GpuStageSummary& stage = result.gpu[i];
        rows.push_back({std::string(kGpuStageNames[i]), std::to_string(stage.frames),
                        fixed(stage.device_bytes / kMegabyte, 1), fixed(stage.implied_ms(), 3),
                        fixed(stage.shader_ms.p50, 3), fixed(stage.shader_ms.p99, 3),
                        fixed(stage.upload_bytes / kMegabyte, 1),
                        fixed(stage.readback_bytes / kMegabyte, 1), fixed(stage.waits, 1)});
    }
    const GpuStageSummary total = gpu_total(result);
    rows.push_back({"a frame", std::to_string(total.frames),
                    fixed(total.device_bytes / kMegabyte, 1), fixed(total.implied_ms(), 3), "", "",
                    fixed(total.upload_bytes / kMegabyte, 1),
                    fixed(total.readback_bytes / kMegabyte, 1), fixed(total.waits, 1)});
    return aligned(rows, "  ") +
           "MB of a frame: moved between shader and the card's memory, sent up, read back; waits: "
           "how often a "
           "frame waited for the card\n";
}

std::string heap_text(const BenchResult& result) {
    if (!result.heap_counted) {
        return "heap: not counted (not in this program, or a sanitizer has taken the allocator's "
               "place)\n";
    }
    const auto row_of = [](const std::string& name, const Spread& spread, double unit, int digits) {
        return std::vector<std::string>{
            name, fixed(spread.p50 / unit, digits), fixed(spread.p95 / unit, digits),
            fixed(spread.p99 / unit, digits), fixed(spread.max / unit, digits)};
    };
    const TextTable rows{{"heap, per frame", "p50", "p95", "p99", "max"},
                         row_of("allocations", result.heap_pieces, 1.0, 0),
                         row_of("of image size", result.heap_image_pieces, 1.0, 0),
                         row_of("kB", result.heap_bytes, 1e3, 1)};
    return aligned(rows, "  ") +
           "of image size: " + fixed(static_cast<double>(result.image_bytes) / 1e3, 1) +
           " kB or more, as a picture of floats at a quarter of the resolution\n";
}

nlohmann::json heap_json(const BenchResult& result) {
    if (!result.heap_counted) {
        return nullptr;
    }
    return {{"allocations", json_of(result.heap_pieces)},
            {"image_allocations", json_of(result.heap_image_pieces)},
            {"image_from_bytes", result.image_bytes},
            {"bytes", json_of(result.heap_bytes)}};
}

nlohmann::json gpu_json(const BenchResult& result) {
    nlohmann::json all = nlohmann::json::object();
    for (std::size_t i = 0; i < kGpuStages; ++i) {
        const GpuStageSummary& stage = result.gpu[i];
        all[std::string(kGpuStageNames[i])] = {{"frames", stage.frames},
                                               {"device_bytes", stage.device_bytes},
                                               {"upload_bytes", stage.upload_bytes},
                                               {"readback_bytes", stage.readback_bytes},
                                               {"waits", stage.waits},
                                               {"implied_ms_at_300_gb_s", stage.implied_ms()},
                                               {"shader_ms", json_of(stage.shader_ms)}};
    }
    return all;
}

}  // namespace

std::string bench_text(const BenchResult& result, const std::optional<PeerTimes>& peer) {
    std::string text = "Frame timing: " + setting_of(result) + "\n\n";
    TextTable rows{{"ms", "p50", "p95", "p99", "max"}};
    for (std::size_t part = 0; part < result.part_ms.size(); ++part) {
        rows.push_back(row(std::string(kFramePartNames[part]), result.part_ms[part]));
    }
    rows.push_back(row("frame", result.process_ms));
    rows.push_back(row("arrival to result", result.latency_ms));
    if (peer) {
        rows.push_back(row(peer->name, peer->process_ms));
    }
    text += aligned(rows, "  ");
    if (gpu_used(result)) {
        text += "\n" + gpu_text(result);
    }
    text += "\n" + heap_text(result);
    text += "\n" + fixed(result.frames_per_s, 1) + " frames/s of work; jitter of results " +
            fixed(result.jitter_ms, 2) + " ms\n";
    if (result.rate_hz > 0.0) {
        text += std::to_string(result.late) + " of " + std::to_string(result.frames.size()) +
                " frames late (result after the next arrival, " + fixed(interval_ms(result), 1) +
                " ms); none dropped: every frame is worked on\n";
    }
    text += "memory " + fixed(static_cast<double>(result.memory_begin_bytes) / kMegabyte, 0) +
            " MB after warm-up, " +
            fixed(static_cast<double>(result.memory_end_bytes) / kMegabyte, 0) + " MB at the end\n";
    if (peer) {
        text += peer->name + " takes " + fixed(peer->times_slower, 2) +
                " times as long (ratio of medians)\n";
    }
    return text;
}

std::string bench_json(const BenchResult& result, const std::optional<PeerTimes>& peer) {
    nlohmann::json json{{"schema", "dsm-bench/1"},
                        {"rows", result.extent.height},
                        {"columns", result.extent.width},
                        {"bits", result.bits},
                        {"frames", result.frames.size()},
                        {"backend", result.backend},
                        {"device", result.device},
                        {"threads", result.threads},
                        {"latency_ms", json_of(result.latency_ms)},
                        {"frame_ms", json_of(result.process_ms)},
                        {"jitter_ms", result.jitter_ms},
                        {"late_frames", result.late},
                        {"dropped_frames", 0},
                        {"frames_per_s", result.frames_per_s},
                        {"memory_begin_bytes", result.memory_begin_bytes},
                        {"memory_end_bytes", result.memory_end_bytes}};
    json["rate_hz"] = result.rate_hz > 0.0 ? nlohmann::json(result.rate_hz) : nlohmann::json();
    for (std::size_t part = 0; part < result.part_ms.size(); ++part) {
        json["stages_ms"][std::string(kFramePartNames[part])] = json_of(result.part_ms[part]);
    }
    json["heap_per_frame"] = heap_json(result);
    if (gpu_used(result)) {
        json["gpu_stages"] = gpu_json(result);
    }
    if (peer) {
        json["compare"] = {{"name", peer->name},
                           {"frame_ms", json_of(peer->process_ms)},
                           {"times_slower", peer->times_slower}};
    }
    return json.dump(1) + "\n";
}

Result<void> write_bench_picture(const BenchResult& result, const std::filesystem::path& file) {
    constexpr int kWidth = 1400;
    constexpr int kHeight = 860;
    constexpr double kLeft = 84.0;
    const Canvas canvas(kWidth, kHeight, picture::kSurround);
    canvas.text({picture::kMargin, 44.0}, "Frame timing", picture::kTitle);
    canvas.text({picture::kMargin, 70.0}, setting_of(result), picture::kSmall);
    const double width = kWidth - kLeft - picture::kMargin;
    canvas.text({kLeft, 108.0},
                "Work per frame, ms" +
                    std::string(result.rate_hz > 0.0 ? "; dashed: the next frame arrives" : ""),
                picture::kHeading);
    draw_stack(canvas, {kLeft, 122.0, width, 350.0}, result);
    draw_key(canvas, kLeft, 524.0);
    canvas.text({kLeft, 572.0},
                "Frames by latency, arrival to result, ms; dashed: 99 % of frames are faster",
                picture::kHeading);
    draw_histogram(canvas, {kLeft, 586.0, width, 210.0}, result);
    return canvas.write_png(file);
}

}  // namespace dsm
