#include "dsp/opacification/stabiliser.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dsm {

namespace {

constexpr float kMemory = 0.5F;     // weight of a new frame in the reference
constexpr double kGain = 0.9;       // a shift must lower the mismatch by a tenth to be believed
constexpr double kAroundMm = 10.0;  // beyond the sac's border: sleeves tell the shift along it
constexpr double kLeastMm = 35.0;   // of settled sac: a level, so that a pair of sleeves is in it

}  // namespace

Stabiliser::Stabiliser(const WorkGrid& grid, Extent extent)
    : grid_(grid), reference_(extent, 0.0F) {}

// Mean absolute difference (robust against what newly fills), opacity limited to a third of the
// sac's so that sleeves count beside it.
double Stabiliser::mismatch(const Image<float>& frame, const Sac& sac, const std::vector<int>& rows,
                            CoarseShift shift, int row_step) const {
    const float limit = static_cast<float>(0.35 * sac.typical_opacity());
    const int around = grid_.px(kAroundMm);
    const int height = frame.height();
    double sum = 0.0;
    int count = 0;
    for (std::size_t i = 0; i < rows.size(); i += static_cast<std::size_t>(row_step)) {
        const int y = rows[i];
        if (y + shift.y < 0 || y + shift.y >= height) {
            continue;
        }
        const SacRow& row = sac.row(y);
        const int reach = static_cast<int>(row.half_width) + around;
        const int a = std::max({0, -shift.x, static_cast<int>(row.center) - reach});
        const int b = std::min(
            {frame.width(), frame.width() - shift.x, static_cast<int>(row.center) + reach});
        const float* now = frame.view().row(y + shift.y) + shift.x;
        const float* before = reference_.view().row(y);
        float row_sum = 0.0F;
        for (int x = a; x < b; ++x) {
            row_sum +=
                std::abs(std::clamp(now[x], 0.0F, limit) - std::clamp(before[x], 0.0F, limit));
        }
        sum += static_cast<double>(row_sum);
        count += std::max(0, b - a);
    }
    return count > 0 ? sum / count : 1e9;
}

std::vector<int> Stabiliser::settled_rows(const Sac& sac, double time_s) const {
    std::vector<int> rows;
    for (int y = sac.first_row(); y <= sac.last_row(); ++y) {
        const SacRow& row = sac.row(y);
        if (row.arrival_slot && row.arrival_s + kSettledS <= time_s) {
            rows.push_back(y);
        }
    }
    return static_cast<double>(rows.size()) * grid_.mm() < kLeastMm ? std::vector<int>{} : rows;
}

CoarseShift Stabiliser::estimate(const Image<float>& frame, const Sac& sac, double time_s) {
    if (!known_ || !sac.found()) {
        return last_;
    }
    const std::vector<int> rows = settled_rows(sac, time_s);
    if (rows.empty()) {
        return last_;
    }
    const int reach = grid_.px(kReachMm);
    CoarseShift best = last_;
    const double stay = mismatch(frame, sac, rows, last_, 1);
    double least = stay;
    // Coarse search on every second position and fourth row, then the neighbours.
    CoarseShift start = last_;
    double start_cost = mismatch(frame, sac, rows, last_, 4);
    for (int y = -reach; y <= reach; y += 2) {
        for (int x = -reach; x <= reach; x += 2) {
            const double cost = mismatch(frame, sac, rows, {x, y}, 4);
            if (cost < start_cost) {
                start_cost = cost;
                start = {x, y};
            }
        }
    }
    for (int y = start.y - 1; y <= start.y + 1; ++y) {
        for (int x = start.x - 1; x <= start.x + 1; ++x) {
            const double cost = mismatch(frame, sac, rows, {x, y}, 1);
            if (cost < least) {
                least = cost;
                best = {x, y};
            }
        }
    }
    if (least < kGain * stay) {
        last_ = best;
    }
    return last_;
}

void Stabiliser::learn(const Image<float>& placed) {
    for (std::size_t i = 0; i < reference_.pixels().size(); ++i) {
        float& mean = reference_.pixels()[i];
        mean = known_ ? mean + kMemory * (placed.pixels()[i] - mean) : placed.pixels()[i];
    }
    known_ = true;
}

void Stabiliser::place(WorkFrame& frame, CoarseShift shift, WorkFrame& spare) {
    if (shift == CoarseShift{}) {
        return;
    }
    const Extent extent = frame.opacity.extent();
    WorkFrame& moved = spare;
    moved.opacity.resize(extent);
    moved.opacity.fill(0.0F);
    moved.variance.resize(extent);
    copy_pixels(frame.variance.cview(), moved.variance.view());
    moved.valid.resize(extent);
    moved.valid.fill(0);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            const int fx = x + shift.x;
            const int fy = y + shift.y;
            if (fx >= 0 && fy >= 0 && fx < extent.width && fy < extent.height) {
                moved.opacity(x, y) = frame.opacity(fx, fy);
                moved.variance(x, y) = frame.variance(fx, fy);
                moved.valid(x, y) = frame.valid(fx, fy);
            }
        }
    }
    std::swap(frame, moved);
}

}  // namespace dsm
