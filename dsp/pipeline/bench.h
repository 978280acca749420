// Frame timing: a run replayed at its acquisition rate, or as fast as it goes, through the whole
// chain; when each frame came, when its result was there, and where the time went.
//
// A frame arrives by a fixed schedule (frame k at k / rate), and its latency counts from then, so
// that a slow frame is charged to those that wait behind it as well (coordinated omission). It is
// late when its result is not there before the next frame arrives. No frame is dropped: every frame
// feeds the statistics; what would have been dropped shows as latency. What is measured ends where
// the result is in memory: display and detector are not in it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/gpu_use.h"
#include "dsp/core/heap_tally.h"
#include "dsp/core/result.h"
#include "dsp/core/stage_times.h"
#include "dsp/pipeline/process.h"
#include "dsp/source/frame_source.h"

namespace dsm {

struct BenchParams {
    int frames{300};
    double rate_hz{0.0};  // 0: flat out, each frame arrives when the one before is done
    int warm_up{30};      // frames not counted: caches, first masks
    PipelineParams pipeline;
    // Counts of frames, warm-up included, after which memory is looked at; ascending.
    std::vector<int> memory_after;
    // heap_tally() in a program that counts; none: what frames take from the heap is not counted.
    std::optional<HeapTally> (*heap_tally)(){nullptr};
    std::stop_token stop;
};

struct MemorySample {
    int frames{0};
    std::size_t heap_bytes{0};      // beyond what was in use before the first frame
    std::size_t resident_bytes{0};  // of the whole process
    double work_ms{0.0};            // of all frames so far
};

// Taken from the heap between one frame's result and the next one's: all of its work, by all
// threads.
struct HeapUse {
    std::uint64_t pieces{0}, bytes{0};
    std::uint64_t image_pieces{0};  // as large as a picture of floats at a quarter of the
                                    // resolution, or larger
};

struct BenchFrame {
    double latency_ms{0.0};  // arrival to result
    double process_ms{0.0};  // start of work to result
    FramePartTimes_ms part_ms{};
    GpuUses gpu{};
    HeapUse heap;
    bool late{false};
};

struct Spread {
    double p50{0.0}, p95{0.0}, p99{0.0}, max{0.0};
};
[[nodiscard]] Spread spread_of(std::vector<double> values);  // zeros where there are none

// Of one stage on the graphics card, over the frames that used it.
struct GpuStageSummary {
    std::size_t frames{0};
    double device_bytes{0.0}, upload_bytes{0.0}, readback_bytes{0.0};  // means of a frame
    double waits{0.0};                                                 // likewise; see GpuUse
    Spread shader_ms;
    // What moving the bytes takes alone at that bandwidth: 300 GB/s, a mid-range card's.
    static constexpr double kBandwidth_bytes_per_s = 300e9;
    [[nodiscard]] double implied_ms() const { return 1e3 * device_bytes / kBandwidth_bytes_per_s; }
};

struct BenchResult {
    Extent extent;
    int bits{0};
    double rate_hz{0.0};  // 0: flat out
    std::string backend, device;
    int threads{0};
    std::vector<BenchFrame> frames;  // those that count
    Spread latency_ms, process_ms;
    std::vector<Spread> part_ms;  // by FramePart
    std::array<GpuStageSummary, kGpuStages> gpu;
    double jitter_ms{0.0};  // standard deviation of the time between results
    int late{0};
    double frames_per_s{0.0};  // of work alone: one over the mean of process_ms
    std::size_t memory_begin_bytes{0},
        memory_end_bytes{0};  // resident, after warm-up and at the end
    std::vector<MemorySample> memory;
    bool heap_counted{false};
    std::size_t image_bytes{0};                         // from which on a piece counts as an image
    Spread heap_pieces, heap_bytes, heap_image_pieces;  // of a frame
};

// Plays `frames` frames of `source`, forwards and then to and fro over its later half, so that
// contrast once come stays; the frames are read beforehand. Errors as process_run().
[[nodiscard]] Result<BenchResult> bench_run(FrameSource& source, const BenchParams& params);

// Resident memory of this process; 0 where the system does not tell.
[[nodiscard]] std::size_t resident_bytes();
// Memory in use that was allocated: free but not returned to the system does not count. 0 where a
// sanitizer has taken the allocator's place.
[[nodiscard]] std::size_t heap_bytes();

}  // namespace dsm
