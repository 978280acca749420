#include "dsp/pipeline/bench.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <fstream>
#include <numeric>
#include <thread>

#include "dsp/core/sanitizers.h"

namespace dsm {
namespace {

using Clock = std::chrono::steady_clock;

double ms_between(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

// Frames that were read beforehand, each handed out when its time has come.
class PacedReplay : public FrameSource {
 public:
    PacedReplay(const RunInfo& run, std::vector<Image<std::uint16_t>> frames, int count,
                double rate_hz)
        : info_(run), frames_(std::move(frames)), rate_hz_(rate_hz) {
        info_.frames = count;
        info_.frame_time_s.clear();
        const double interval_s = 1.0 / (rate_hz > 0.0 ? rate_hz : kUsualRate_hz);
        for (int k = 0; k < count; ++k) {
            info_.frame_time_s.push_back(k * interval_s);
        }
        info_.masks.clear();
    }
    [[nodiscard]] const RunInfo& info() const override { return info_; }
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override {
        if (frame == 0) {
            start_ = Clock::now();
        }
        arrival_ = Clock::now();
        if (rate_hz_ > 0.0) {
            arrival_ = start_ + std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(frame / rate_hz_));
            std::this_thread::sleep_until(arrival_);
        }
        copy_pixels(frames_[at(frame)].cview(), words);
        begin_ = Clock::now();
        return {};
    }
    [[nodiscard]] Clock::time_point arrival() const { return arrival_; }
    [[nodiscard]] Clock::time_point begin() const { return begin_; }

 private:
    static constexpr double kUsualRate_hz = 15.0;

    [[nodiscard]] std::size_t at(FrameIndex frame) const {
        const auto count = static_cast<int>(frames_.size());
        if (frame < count || count < 3) {
            return static_cast<std::size_t>(std::min(frame, count - 1));
        }
        const int swing = count / 2;
        const int phase = (frame - count) % (2 * swing);
        return static_cast<std::size_t>(count - 1 - (phase < swing ? phase : 2 * swing - phase));
    }

    RunInfo info_;
    std::vector<Image<std::uint16_t>> frames_;
    double rate_hz_;
    Clock::time_point start_, arrival_, begin_;
};

// Reads what will be replayed, no more than is needed and memory is allowed to hold.
Result<std::vector<Image<std::uint16_t>>> read_ahead(FrameSource& source, int wanted) {
    constexpr std::size_t kMostBytes = std::size_t{1} << 30;
    const RunInfo& run = source.info();
    const std::size_t each = std::max<std::size_t>(1, run.extent.pixels() * sizeof(std::uint16_t));
    const auto most = static_cast<int>(std::max<std::size_t>(1, kMostBytes / each));
    std::vector<Image<std::uint16_t>> frames;
    for (FrameIndex k = 0; k < std::min({run.frames, wanted, most}); ++k) {
        Image<std::uint16_t>& words = frames.emplace_back(run.extent);
        if (auto read = source.read(k, words.view()); !read) {
            return tl::unexpected(read.error());
        }
    }
    return frames;
}

double deviation(const std::vector<double>& values) {
    if (values.size() < 2) {
        return 0.0;
    }
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double square = 0.0;
    for (const double value : values) {
        square += (value - mean) * (value - mean);
    }
    return std::sqrt(square / count);
}

GpuStageSummary summary_of(const std::vector<BenchFrame>& frames, std::size_t stage) {
    GpuStageSummary summary;
    std::vector<double> shader_ms;
    for (const BenchFrame& frame : frames) {
        const GpuUse& use = frame.gpu[stage];
        if (use.used) {
            summary.device_bytes += use.device_bytes;
            summary.upload_bytes += use.upload_bytes;
            summary.readback_bytes += use.readback_bytes;
            summary.waits += use.waits;
            shader_ms.push_back(use.shader_ms);
        }
    }
    summary.frames = shader_ms.size();
    const double share = 1.0 / static_cast<double>(std::max<std::size_t>(1, summary.frames));
    summary.device_bytes *= share;
    summary.upload_bytes *= share;
    summary.readback_bytes *= share;
    summary.waits *= share;
    summary.shader_ms = spread_of(std::move(shader_ms));
    return summary;
}

void summarise(BenchResult& result) {
    for (std::size_t stage = 0; stage < kGpuStages; ++stage) {
        result.gpu[stage] = summary_of(result.frames, stage);
    }
    std::vector<double> latency_ms;
    std::vector<double> process_ms;
    for (const BenchFrame& frame : result.frames) {
        latency_ms.push_back(frame.latency_ms);
        process_ms.push_back(frame.process_ms);
        result.late += frame.late ? 1 : 0;
    }
    const auto of_heap = [&](std::uint64_t HeapUse::*part) {
        std::vector<double> values;
        for (const BenchFrame& frame : result.frames) {
            values.push_back(static_cast<double>(frame.heap.*part));
        }
        return spread_of(std::move(values));
    };
    result.heap_pieces = of_heap(&HeapUse::pieces);
    result.heap_bytes = of_heap(&HeapUse::bytes);
    result.heap_image_pieces = of_heap(&HeapUse::image_pieces);
    const double work_ms = std::accumulate(process_ms.begin(), process_ms.end(), 0.0);
    result.frames_per_s =
        work_ms > 0.0 ? 1e3 * static_cast<double>(process_ms.size()) / work_ms : 0.0;
    result.latency_ms = spread_of(std::move(latency_ms));
    result.process_ms = spread_of(std::move(process_ms));
    for (std::size_t part = 0; part < kFrameParts; ++part) {
        std::vector<double> part_ms;
        for (const BenchFrame& frame : result.frames) {
            part_ms.push_back(frame.part_ms[part]);
        }
        result.part_ms.push_back(spread_of(std::move(part_ms)));
    }
}

// Counts what each frame takes from the heap, not what the bench itself does in between.
class HeapMeter {
 public:
    HeapMeter(std::optional<HeapTally> (*tally)(), std::size_t image_bytes)
        : tally_(tally), image_bytes_(image_bytes) {}

    [[nodiscard]] bool counts() const { return before_.has_value(); }
    void begin() { before_ = tally_ != nullptr ? tally_() : std::nullopt; }
    [[nodiscard]] HeapUse end() const {
        const auto now = before_ ? tally_() : std::nullopt;
        if (!now) {
            return {};
        }
        const HeapTally part = now->since(*before_);
        return {part.pieces_from(1), part.bytes, part.pieces_from(image_bytes_)};
    }

 private:
    std::optional<HeapTally> (*tally_)();
    std::size_t image_bytes_;
    std::optional<HeapTally> before_;
};

}  // namespace

Spread spread_of(std::vector<double> values) {
    if (values.empty()) {
        return {};
    }
    std::sort(values.begin(), values.end());
    const auto at = [&](double part) {
        const auto rank = std::ceil(part * static_cast<double>(values.size()));
        return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
    };
    return {at(0.5), at(0.95), at(0.99), values.back()};
}

std::size_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t all = 0;
    std::size_t resident = 0;
    statm >> all >> resident;
    return statm ? resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) : 0;
}

std::size_t heap_bytes() {
#if defined(DSM_ADDRESS_SANITIZER) || defined(DSM_THREAD_SANITIZER)
    return 0;
#else
    const struct mallinfo2 all = ::mallinfo2();
    return all.uordblks + all.hblkhd;
#endif
}

Result<BenchResult> bench_run(FrameSource& source, const BenchParams& params) {
    const int count = params.warm_up + params.frames;
    auto frames = read_ahead(source, count);
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    PacedReplay replay(source.info(), std::move(*frames), count, params.rate_hz);
    BenchResult result;
    result.extent = source.info().extent;
    result.bits = source.info().bits_stored;
    result.rate_hz = params.rate_hz;
    result.frames.reserve(static_cast<std::size_t>(params.frames));
    std::vector<double> between_ms;
    between_ms.reserve(static_cast<std::size_t>(params.frames));
    result.image_bytes = std::bit_floor(std::max<std::size_t>(4, result.extent.pixels()) / 4);
    HeapMeter heap_meter(params.heap_tally, result.image_bytes);
    Clock::time_point before{};
    const std::size_t heap_before = heap_bytes();
    double work_ms = 0.0;
    auto sampled = params.memory_after.begin();
    ProcessHooks hooks;
    hooks.stop = params.stop;
    hooks.pictures = false;
    hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
        const auto now = Clock::now();
        const HeapUse heap_use = heap_meter.end();
        if (out.frame >= params.warm_up) {
            BenchFrame& frame = result.frames.emplace_back();
            frame.latency_ms = ms_between(replay.arrival(), now);
            frame.process_ms = ms_between(replay.begin(), now);
            frame.part_ms = out.part_ms;
            frame.gpu = out.gpu;
            frame.heap = heap_use;
            frame.late = params.rate_hz > 0.0 && frame.latency_ms > 1e3 / params.rate_hz;
            if (out.frame > params.warm_up) {
                between_ms.push_back(ms_between(before, now));
            } else {
                result.memory_begin_bytes = resident_bytes();
            }
            before = now;
        }
        work_ms += ms_between(replay.begin(), now);
        if (sampled != params.memory_after.end() && *sampled == out.frame + 1) {
            const std::size_t heap = heap_bytes();
            result.memory.push_back({*sampled++, heap > heap_before ? heap - heap_before : 0,
                                     resident_bytes(), work_ms});
        }
        heap_meter.begin();
        return {};
    };
    const auto done = process_run(replay, params.pipeline, hooks);
    if (!done) {
        return tl::unexpected(done.error());
    }
    result.memory_end_bytes = resident_bytes();
    result.backend = done->backend;
    result.device = done->device;
    result.jitter_ms = deviation(between_ms);
    result.heap_counted = heap_meter.counts();
    summarise(result);
    return result;
}

}  // namespace dsm
