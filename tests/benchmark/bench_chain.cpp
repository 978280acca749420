// The whole measuring chain per frame, interleaved with OpenCV's DIS (medium) on the same frames:
// both medians, and their ratio, come from the same process and the same minute. `cpu` is processor
// time over all threads: what is left to compare by where the machine is busy with other work.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>
#include <vector>

#include "dsp/core/parallel.h"
#include "dsp/pipeline/chain.h"
#include "dsp/pipeline/follow.h"
#include "tests/benchmark/scene_run.h"

namespace dsm::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Times {
    std::vector<double> wall_ms, cpu_ms;

    template <class Body>
    double take(Body&& body, bool counted) {
        const auto start = Clock::now();
        const std::clock_t cpu = std::clock();
        body();
        const double wall = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
        if (counted) {
            wall_ms.push_back(wall);
            cpu_ms.push_back(1e3 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
        }
        return wall;
    }
};

double quantile(std::vector<double> values, double part) {
    const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

cv::Mat eight_bit(const Image<std::uint16_t>& words) {
    const cv::Mat all(words.height(), words.width(), CV_16U,
                      const_cast<std::uint16_t*>(words.pixels().data()));
    cv::Mat out;
    all.convertTo(out, CV_8U, 1.0 / 16.0);
    return out;
}

// Frames of the run that are timed: contrast has come, late masks exist.
constexpr FrameIndex kWarmUp = 16;

void frames(benchmark::State& state, bool findings) {
    const int side = static_cast<int>(state.range(0));
    const int threads = static_cast<int>(state.range(1));
    const ThreadLimit limit(threads);
    cv::setNumThreads(threads);
    const RunInfo run = run_of(side);
    const auto dis = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM);
    Times ours;
    Times theirs;
    cv::Mat flow;
    for (auto _ : state) {
        Chain chain(run, {});
        Follower follower(run, {}, false);
        double total = 0.0;
        for (FrameIndex frame = 0; frame < kFrames; ++frame) {
            const auto words = words_of(side, frame).view();
            const bool counted = frame >= kWarmUp;
            const double ms = ours.take(
                [&] {
                    const FrameOutput out = chain.process(frame, words);
                    if (findings) {
                        follower.follow(out, chain.before_contrast(frame));
                    }
                },
                counted);
            if (!counted) {
                continue;
            }
            total += ms;
            const cv::Mat live = eight_bit(words_of(side, frame));
            const cv::Mat mask = eight_bit(words_of(side, 1));
            theirs.take([&] { dis->calc(live, mask, flow); }, true);
        }
        state.SetIterationTime(1e-3 * total / (kFrames - kWarmUp));
    }
    cv::setNumThreads(-1);
    state.counters["p50_ms"] = quantile(ours.wall_ms, 0.5);
    state.counters["p99_ms"] = quantile(ours.wall_ms, 0.99);
    state.counters["cpu_ms"] = quantile(ours.cpu_ms, 0.5);
    state.counters["dis_ms"] = quantile(theirs.wall_ms, 0.5);
    state.counters["dis_cpu_ms"] = quantile(theirs.cpu_ms, 0.5);
    state.counters["ratio"] = quantile(ours.wall_ms, 0.5) / quantile(theirs.wall_ms, 0.5);
    state.counters["cpu_ratio"] = quantile(ours.cpu_ms, 0.5) / quantile(theirs.cpu_ms, 0.5);
}

void measuring_chain(benchmark::State& state) {
    frames(state, false);
}

void with_findings(benchmark::State& state) {
    frames(state, true);
}

void arguments(benchmark::internal::Benchmark* bench) {
    bench->Args({1024, 1})->Args({1024, 2})->Unit(benchmark::kMillisecond)->UseManualTime();
    bench->Iterations(4);
}

BENCHMARK(measuring_chain)->Apply(arguments);
BENCHMARK(with_findings)->Apply(arguments);

}  // namespace
}  // namespace dsm::bench
