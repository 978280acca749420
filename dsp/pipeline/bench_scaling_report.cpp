// What bench_scaling() found, for people and for programs.
#include <nlohmann/json.hpp>

#include "dsp/pipeline/bench_scaling.h"
#include "dsp/pipeline/text_table.h"

namespace dsm {
namespace {

constexpr double kMegabyte = 1e6;

std::string table_of(const std::vector<ScalingPoint>& points) {
    TextTable rows{{"side px", "frames", "ms a frame", "s in all", "heap MB", "resident MB"}};
    for (const ScalingPoint& point : points) {
        rows.push_back({std::to_string(point.side_px), std::to_string(point.frames),
                        figure(point.frame_ms, 2), figure(point.total_s, 2),
                        figure(static_cast<double>(point.heap_bytes) / kMegabyte, 2),
                        figure(static_cast<double>(point.resident_bytes) / kMegabyte, 0)});
    }
    return aligned(rows, "  ");
}

nlohmann::json json_of(const std::optional<double>& value) {
    return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

nlohmann::json json_of(const std::vector<ScalingPoint>& points) {
    nlohmann::json list = nlohmann::json::array();
    for (const ScalingPoint& point : points) {
        list.push_back({{"side_px", point.side_px},
                        {"frames", point.frames},
                        {"frame_ms", point.frame_ms},
                        {"total_s", point.total_s},
                        {"heap_bytes", point.heap_bytes},
                        {"resident_bytes", point.resident_bytes}});
    }
    return list;
}

}  // namespace

std::string scaling_text(const ScalingResult& result) {
    return "over the size of the picture\n" + table_of(result.by_size) + "  time ~ pixels^" +
           figure(result.time_by_pixels, 2) + ", memory ~ pixels^" +
           figure(result.memory_by_pixels, 2) + "\n\nover the number of frames\n" +
           table_of(result.by_frames) + "  time ~ frames^" + figure(result.time_by_frames, 2) +
           ", memory ~ frames^" + figure(result.memory_by_frames, 3) +
           ", in the last part ~ frames^" + figure(result.memory_by_late_frames, 3) + "\n";
}

std::string scaling_json(const ScalingResult& result) {
    const nlohmann::json json{{"schema", "dsm-bench-scaling/1"},
                              {"by_size", json_of(result.by_size)},
                              {"by_frames", json_of(result.by_frames)},
                              {"exponents",
                               {{"time_by_pixels", json_of(result.time_by_pixels)},
                                {"memory_by_pixels", json_of(result.memory_by_pixels)},
                                {"time_by_frames", json_of(result.time_by_frames)},
                                {"memory_by_frames", json_of(result.memory_by_frames)},
                                {"memory_by_late_frames", json_of(result.memory_by_late_frames)}}}};
    return json.dump(1) + "\n";
}

}  // namespace dsm
