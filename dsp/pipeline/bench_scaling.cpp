#include "dsp/pipeline/bench_scaling.h"

#include <algorithm>
#include <cmath>

#include "dsp/pipeline/bench.h"

namespace dsm {
namespace {

constexpr int kWarmUp = 10;

// 10, 20, 50, 100 and so on up to `most`, itself included.
std::vector<int> lengths_up_to(int most) {
    std::vector<int> lengths;
    for (int decade = 10; decade < most; decade *= 10) {
        for (const int step : {1, 2, 5}) {
            if (decade * step < most) {
                lengths.push_back(decade * step);
            }
        }
    }
    lengths.push_back(most);
    return lengths;
}

Result<BenchResult> timed(const SourceOfSide& source_of, int side_px, const ScalingParams& params,
                          int frames, std::vector<int> memory_after) {
    auto source = source_of(side_px);
    if (!source) {
        return tl::unexpected(source.error());
    }
    BenchParams bench;
    bench.warm_up = std::min(kWarmUp, frames - 1);
    bench.frames = frames - bench.warm_up;
    bench.pipeline = params.pipeline;
    bench.memory_after = std::move(memory_after);
    bench.stop = params.stop;
    return bench_run(**source, bench);
}

ScalingPoint point_of(int side_px, const MemorySample& sample, double frame_ms) {
    return {side_px,           sample.frames,        frame_ms, sample.work_ms / 1e3,
            sample.heap_bytes, sample.resident_bytes};
}

template <class Work, class Cost>
std::optional<double> fit(const std::vector<ScalingPoint>& points, const Work& work,
                          const Cost& cost) {
    std::vector<double> works;
    std::vector<double> costs;
    for (const ScalingPoint& point : points) {
        works.push_back(work(point));
        costs.push_back(cost(point));
    }
    return fitted_exponent(works, costs);
}

void fit_all(int most_frames, ScalingResult& result) {
    const auto pixels = [](const ScalingPoint& p) { return double(p.side_px) * p.side_px; };
    const auto frames = [](const ScalingPoint& p) { return double(p.frames); };
    const auto memory = [](const ScalingPoint& p) { return static_cast<double>(p.heap_bytes); };
    result.time_by_pixels =
        fit(result.by_size, pixels, [](const ScalingPoint& p) { return p.frame_ms; });
    result.memory_by_pixels = fit(result.by_size, pixels, memory);
    result.time_by_frames =
        fit(result.by_frames, frames, [](const ScalingPoint& p) { return p.total_s; });
    result.memory_by_frames = fit(result.by_frames, frames, memory);
    std::vector<ScalingPoint> late = result.by_frames;
    std::erase_if(late, [&](const ScalingPoint& p) { return 5 * p.frames < most_frames; });
    result.memory_by_late_frames = fit(late, frames, memory);
}

}  // namespace

std::optional<double> fitted_exponent(std::span<const double> work, std::span<const double> cost) {
    double n = 0.0, sum_x = 0.0, sum_y = 0.0, sum_xx = 0.0, sum_xy = 0.0;
    for (std::size_t i = 0; i < std::min(work.size(), cost.size()); ++i) {
        if (work[i] > 0.0 && cost[i] > 0.0) {
            const double x = std::log(work[i]);
            const double y = std::log(cost[i]);
            n += 1.0;
            sum_x += x;
            sum_y += y;
            sum_xx += x * x;
            sum_xy += x * y;
        }
    }
    const double spread = n * sum_xx - sum_x * sum_x;
    return spread > 1e-9 ? std::optional((n * sum_xy - sum_x * sum_y) / spread) : std::nullopt;
}

Result<ScalingResult> bench_scaling(const SourceOfSide& source_of, const ScalingParams& params) {
    ScalingResult result;
    for (const int side_px : params.sides_px) {
        const auto bench =
            timed(source_of, side_px, params, params.frames_of_a_size, {params.frames_of_a_size});
        if (!bench) {
            return tl::unexpected(bench.error());
        }
        result.by_size.push_back(point_of(side_px, bench->memory.back(), bench->process_ms.p50));
    }
    const auto bench = timed(source_of, params.side_of_a_length_px, params, params.most_frames,
                             lengths_up_to(params.most_frames));
    if (!bench) {
        return tl::unexpected(bench.error());
    }
    for (const MemorySample& sample : bench->memory) {
        result.by_frames.push_back(
            point_of(params.side_of_a_length_px, sample, sample.work_ms / sample.frames));
    }
    fit_all(params.most_frames, result);
    return result;
}

}  // namespace dsm
