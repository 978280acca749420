// What `dsm bench` found, for people and for programs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "dsp/core/result.h"
#include "dsp/pipeline/bench.h"

namespace dsm {

// The same frames through a chain of OpenCV's parts; see dsp/evaluation/peer_chain.h.
struct PeerTimes {
    std::string name;
    Spread process_ms;
    double times_slower{0.0};  // its median over ours
};

[[nodiscard]] std::string bench_text(const BenchResult& result,
                                     const std::optional<PeerTimes>& peer = std::nullopt);
// Schema "dsm-bench/1"; times in ms, memory in bytes.
[[nodiscard]] std::string bench_json(const BenchResult& result,
                                     const std::optional<PeerTimes>& peer = std::nullopt);
// Parts of each frame stacked over the run, and a histogram of latency below.
[[nodiscard]] Result<void> write_bench_picture(const BenchResult& result,
                                               const std::filesystem::path& file);

}  // namespace dsm
