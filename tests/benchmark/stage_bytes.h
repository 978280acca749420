// How the benchmarks of single stages are run and what they report.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

#include "tests/benchmark/bandwidth.h"

namespace dsm::bench {

// The live frame and one mask of the scene that the stages work on.
inline constexpr int kLive = 11;  // with contrast, amid inspiration
inline constexpr int kMask = 1;

inline int side_of(const benchmark::State& state) {
    return static_cast<int>(state.range(0));
}

inline int threads_of(const benchmark::State& state) {
    return static_cast<int>(state.range(1));
}

// Bytes a pixel of the picture that a stage must read and write at least, each once. Reported as
// they are, as a rate, and as that rate's share of what copy and triad reach in memory (a plain
// number, though the library prints it "/s"). Where a stage's pictures fit in a cache the share can
// be more than one.
inline void count_bytes(benchmark::State& state, double bytes_per_pixel) {
    const double bytes = bytes_per_pixel * side_of(state) * side_of(state);
    state.counters["MB"] = bytes * 1e-6;
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
    const Bandwidth& memory = bandwidth_of(threads_of(state));
    const auto share = [&](double bandwidth) {
        return benchmark::Counter(bytes / bandwidth, benchmark::Counter::kIsIterationInvariantRate);
    };
    state.counters["of_copy"] = share(memory.copy);
    state.counters["of_triad"] = share(memory.triad);
}

inline void arguments(benchmark::internal::Benchmark* bench) {
    bench->Args({1024, 1})->Args({1024, 2})->Unit(benchmark::kMillisecond)->UseRealTime();
}

}  // namespace dsm::bench
