#include "dsp/core/parallel.h"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "dsp/core/sanitizers.h"

namespace dsm {

#if defined(DSM_THREAD_SANITIZER)

// oneTBB comes uninstrumented, so the thread sanitizer cannot see how it synchronises. On plain
// threads it sees everything, and races between bodies are found.
void run_bands(int rows, int grain, void (*body)(void*, int, int), void* context) {
    constexpr int kBands = 4;
    const int step = std::max({1, grain, (rows + kBands - 1) / kBands});
    std::vector<std::jthread> threads;
    for (int first = 0; first < rows; first += step) {
        threads.emplace_back(
            [=, last = std::min(rows, first + step)] { body(context, first, last); });
    }
}

#else

void run_bands(int rows, int grain, void (*body)(void*, int, int), void* context) {
    if (rows <= std::max(1, grain)) {
        if (rows > 0) {
            body(context, 0, rows);
        }
        return;
    }
    tbb::parallel_for(
        tbb::blocked_range<int>(0, rows, static_cast<std::size_t>(std::max(1, grain))),
        [&](const tbb::blocked_range<int>& band) { body(context, band.begin(), band.end()); });
}

#endif

ThreadLimit::ThreadLimit(int threads)
    : control_(new tbb::global_control(
          tbb::global_control::max_allowed_parallelism,
          static_cast<std::size_t>(threads > 0 ? threads : tbb::info::default_concurrency()))) {}

ThreadLimit::~ThreadLimit() {
    delete static_cast<tbb::global_control*>(control_);
}

}  // namespace dsm
