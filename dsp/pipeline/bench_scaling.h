// What the chain costs against the work: time and memory over the size of the picture and over the
// number of frames, and the exponent of each.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"
#include "dsp/source/frame_source.h"

namespace dsm {

struct ScalingParams {
    std::vector<int> sides_px{256, 512, 1024, 2048};
    int frames_of_a_size{40};  // the first 10 of which are not timed
    int side_of_a_length_px{256};
    int most_frames{5000};  // looked at after 10, 20, 50, 100 and so on
    PipelineParams pipeline;
    std::stop_token stop;
};

struct ScalingPoint {
    int side_px{0};
    int frames{0};
    double frame_ms{0.0};  // median over the picture's size; over frames, mean of all so far
    double total_s{0.0};
    std::size_t heap_bytes{0};  // of the chain alone: the frames that are replayed do not count
    std::size_t resident_bytes{0};
};

// cost = c work^exponent, by least squares in logarithms; nothing from fewer than two points.
[[nodiscard]] std::optional<double> fitted_exponent(std::span<const double> work,
                                                    std::span<const double> cost);

struct ScalingResult {
    std::vector<ScalingPoint> by_size, by_frames;
    std::optional<double> time_by_pixels, memory_by_pixels;  // 1: in proportion
    std::optional<double> time_by_frames;                    // of all frames together; 1: linear
    std::optional<double> memory_by_frames;                  // 0: does not grow
    std::optional<double> memory_by_late_frames;             // from a fifth of most_frames on
};

// `source_of` gives a run of that side. Flat out, all cores. Errors as process_run().
using SourceOfSide = std::function<Result<std::unique_ptr<FrameSource>>(int side_px)>;
[[nodiscard]] Result<ScalingResult> bench_scaling(const SourceOfSide& source_of,
                                                  const ScalingParams& params);

[[nodiscard]] std::string scaling_text(const ScalingResult& result);
// Schema "dsm-bench-scaling/1"; times in ms and s, memory in bytes.
[[nodiscard]] std::string scaling_json(const ScalingResult& result);

}  // namespace dsm
