// Memory first, then the stages: all in one process, so that one can be held against the other.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>

#include "tests/benchmark/bandwidth.h"

namespace {

std::string gigabytes(double bytes_per_s) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GB/s", 1e-9 * bytes_per_s);
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    for (const int threads : {1, 2}) {
        const dsm::bench::Bandwidth& memory = dsm::bench::bandwidth_of(threads);
        const std::string on =
            " on " + std::to_string(threads) + (threads == 1 ? " thread" : " threads");
        benchmark::AddCustomContext("memory copy" + on, gigabytes(memory.copy));
        benchmark::AddCustomContext("memory triad" + on, gigabytes(memory.triad));
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
