#include "tests/benchmark/bandwidth.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm::bench {
namespace {

constexpr int kRows = 1024;
constexpr int kRow = 32768;  // floats: 128 MB an array
constexpr int kPasses = 8;

using Clock = std::chrono::steady_clock;

void copy_row(const float* b, float* __restrict a) {
    for (int x = 0; x < kRow; ++x) {
        a[x] = b[x];
    }
}

void triad_row(const float* b, const float* c, float s, float* __restrict a) {
    for (int x = 0; x < kRow; ++x) {
        a[x] = b[x] + s * c[x];
    }
}

template <class Row>
double best_rate(double arrays, const Row& row) {
    double best_s = 1e9;
    for (int pass = 0; pass < kPasses; ++pass) {
        const auto start = Clock::now();
        parallel_rows(kRows, 16, [&](int first, int last) {
            for (int y = first; y < last; ++y) {
                row(static_cast<std::size_t>(y) * kRow);
            }
        });
        best_s = std::min(best_s, std::chrono::duration<double>(Clock::now() - start).count());
    }
    return arrays * sizeof(float) * kRows * kRow / best_s;
}

Bandwidth measure(int threads) {
    const ThreadLimit limit(threads);
    constexpr std::size_t kCount = static_cast<std::size_t>(kRows) * kRow;
    std::vector<float> a(kCount);
    std::vector<float> b(kCount, 1.0F);
    std::vector<float> c(kCount, 2.0F);
    Bandwidth found;
    found.copy = best_rate(2.0, [&](std::size_t at) { copy_row(b.data() + at, a.data() + at); });
    found.triad = best_rate(
        3.0, [&](std::size_t at) { triad_row(b.data() + at, c.data() + at, a[0], a.data() + at); });
    return found;
}

}  // namespace

const Bandwidth& bandwidth_of(int threads) {
    static std::map<int, Bandwidth> measured;
    const auto [at, is_new] = measured.try_emplace(threads);
    if (is_new) {
        at->second = measure(threads);
    }
    return at->second;
}

}  // namespace dsm::bench
