#include "dsp/opacification/evidence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm {

namespace {

// Mean of the largest of kAngles responses to white noise, in units of sqrt(var(A)): line_filter.h.
constexpr double kNoiseMean = 0.9;

// The frames that show what fills together with the sac.
constexpr double kEarlyFromS = 1.2;
constexpr double kEarlyToS = 4.0;
constexpr int kEarlySlots = 4;

// First slot at least `seconds` and `slots` after slot `from`; at most the number of slots.
int slot_after(const History& history, int from, double seconds, int slots) {
    int at = std::min(history.size(), from + slots);
    const double due = history.slot(std::min(from, history.size() - 1)).time_s + seconds;
    while (at < history.size() && history.slot(at).time_s < due) {
        ++at;
    }
    return at;
}

float mean_of(const std::vector<float>& curve, int from, int to) {
    float sum = 0.0F;
    for (int i = from; i < to; ++i) {
        sum += curve[static_cast<std::size_t>(i)];
    }
    return sum / static_cast<float>(std::max(1, to - from));
}

// How much more contrast the sac holds in slots [from, to) than in the early ones.
float sac_growth(const SacRow& row, int early_from, int early_to, int from, int to) {
    const int size = static_cast<int>(row.curve.size());
    if (size < to || early_to <= early_from) {
        return 1.0F;
    }
    const float early = mean_of(row.curve, early_from, early_to);
    const float now = mean_of(row.curve, from, to);
    return early > 0.0F ? std::clamp(now / early, 0.3F, 3.0F) : 1.0F;
}

cv::Mat as_mat(Image<float>& image) {
    return {image.height(), image.width(), CV_32F, image.pixels().data()};
}

// Over `size` x `size` pixels (odd) around each, nothing beyond the border; in double, so that what
// is added and taken off again leaves nothing.
void box_sum(const Image<float>& image, int size, Image<float>& sums) {
    const int reach = size / 2;
    const int width = image.width();
    std::vector<double> down(static_cast<std::size_t>(width), 0.0);
    const auto add = [&](int y, double sign) {
        if (y < 0 || y >= image.height()) {
            return;
        }
        const float* row = image.view().row(y);
        for (std::size_t x = 0; x < down.size(); ++x) {
            down[x] += sign * static_cast<double>(row[x]);
        }
    };
    for (int y = 0; y < std::min(reach, image.height()); ++y) {
        add(y, 1.0);
    }
    for (int y = 0; y < image.height(); ++y) {
        add(y + reach, 1.0);
        add(y - reach - 1, -1.0);
        double sum = 0.0;
        for (int x = 0; x < std::min(reach, width); ++x) {
            sum += down[static_cast<std::size_t>(x)];
        }
        float* to = sums.view().row(y);
        for (int x = 0; x < width; ++x) {
            sum += x + reach < width ? down[static_cast<std::size_t>(x + reach)] : 0.0;
            sum -= x > reach ? down[static_cast<std::size_t>(x - reach - 1)] : 0.0;
            to[x] = static_cast<float>(sum);
        }
    }
}

}  // namespace

EarlySlots early_slots(const History& history, const SacRow& level) {
    const int arrival = level.arrival_slot.value_or(0);
    return {slot_after(history, arrival, kEarlyFromS, 1),
            slot_after(history, arrival, kEarlyToS, kEarlySlots)};
}

int baseline_slots(const History& history, const Sac& sac, int y) {
    const SacRow& row = sac.row(sac.nearest_filled(y));
    int before = 0;
    while (before < history.size() && history.slot(before).before_contrast) {
        ++before;
    }
    return std::max(before, row.arrival_slot.value_or(0) - 1);
}

Evidence::Evidence(const WorkGrid& grid, Extent extent, LineFilter filter)
    : grid_(grid), filter_(std::move(filter)), pool_(extent) {
    // The corridor grows with the sac; no picture is to move for that.
    for (Image<float>* each :
         {&map_.difference, &map_.ground, &map_.noise, &map_.bright, &map_.dark, &map_.residue,
          &sac_early_, &response_.bright, &response_.dark, &response_.smooth}) {
        each->reserve(extent.pixels());
    }
    response_.bright_angle.reserve(extent.pixels());
    response_.dark_angle.reserve(extent.pixels());
    const auto rows = static_cast<std::size_t>(extent.height);
    for (RowMeans* means : {&before_, &early_}) {
        means->mean = Image<float>(extent, 0.0F);
        means->from.assign(rows, 0);
        means->to.assign(rows, 0);
    }
}

void Evidence::RowMeans::update(const History& history, int y, int first, int last) {
    const auto row = static_cast<std::size_t>(y);
    if (from[row] != first || to[row] != last) {
        history.mean_row(first, last, y, 0, history.extent().width, mean.view().row(y));
        from[row] = first;
        to[row] = last;
    }
}

void Evidence::locate(const History& history, const Sac& sac) {
    const Extent extent = history.extent();
    double lowest = extent.width;
    double highest = 0;
    for (int y = sac.first_row(); y <= sac.last_row(); ++y) {
        lowest = std::min(lowest, sac.row(y).center);
        highest = std::max(highest, sac.row(y).center);
    }
    const int around = grid_.px(kCorridorMm);
    Corridor& c = map_.corridor;
    c.x = std::max(0, static_cast<int>(lowest) - around);
    c.y = std::max(0, sac.first_row() - around / 2);
    c.extent.width = std::min(extent.width, static_cast<int>(highest) + around + 1) - c.x;
    c.extent.height = std::min(extent.height, sac.last_row() + around / 2 + 1) - c.y;
    map_.difference.resize(c.extent);
    map_.noise.resize(c.extent);
}

void Evidence::difference_row(const History& history, const Sac& sac, int from, bool late,
                              int row) {
    const Corridor& c = map_.corridor;
    const int y = c.y + row;
    const SacRow& level = sac.row(sac.nearest_filled(y));
    float* value = map_.difference.view().row(row);
    float* noise = map_.noise.view().row(row);
    const auto [early_from, early_to] = early_slots(history, level);
    if (late && from < early_to) {
        std::fill(value, value + c.extent.width, 0.0F);
        std::fill(noise, noise + c.extent.width, history.typical_sigma());
        return;
    }
    const int base_to = baseline_slots(history, sac, y);
    before_.update(history, y, 0, base_to);
    history.mean_row(from, history.size(), y, c.x, c.x + c.extent.width, value);
    const float frames = std::max(1.0F, history.effective_frames(from, history.size()));
    const float base = history.effective_frames(0, base_to);
    float growth = 0.0F;
    if (late) {
        early_.update(history, y, early_from, early_to);
        growth = sac_growth(level, early_from, early_to, from, history.size());
    }
    // Without a baseline the mask's own noise stays: as much as two more frames'.
    const float early_frames = std::max(1.0F, history.effective_frames(early_from, early_to));
    const float share = std::sqrt(1.0F / frames + growth * growth / early_frames +
                                  (1.0F - growth) * (1.0F - growth) / std::max(base, 2.0F));
    const float* before = before_.mean.view().row(y) + c.x;
    const float* early = early_.mean.view().row(y) + c.x;
    for (int x = 0; x < c.extent.width; ++x) {
        const float ground = base > 0.0F ? before[x] : 0.0F;
        const float known = late ? growth * (early[x] - ground) : 0.0F;
        value[x] = history.valid(c.x + x, y) ? value[x] - ground - known : 0.0F;
        noise[x] = share * history.sigma(c.x + x, y);
    }
}

// What a level of the sac holds in slots [from, size) and held just after contrast came, each less
// what was there before; nothing while the two overlap.
void Evidence::sac_row(const History& history, const Sac& sac, int from, int row) {
    const Corridor& c = map_.corridor;
    const int y = c.y + row;
    const SacRow& level = sac.row(sac.nearest_filled(y));
    float* now = map_.difference.view().row(row);
    float* early = sac_early_.view().row(row);
    float* noise = map_.noise.view().row(row);
    const EarlySlots slots = early_slots(history, level);
    if (from < slots.to) {
        std::fill(now, now + c.extent.width, 0.0F);
        std::fill(early, early + c.extent.width, 0.0F);
        std::fill(noise, noise + c.extent.width, history.typical_sigma());
        return;
    }
    const int base_to = baseline_slots(history, sac, y);
    before_.update(history, y, 0, base_to);
    early_.update(history, y, slots.from, slots.to);
    history.mean_row(from, history.size(), y, c.x, c.x + c.extent.width, now);
    const float growth = sac_growth(level, slots.from, slots.to, from, history.size());
    const float frames = std::max(1.0F, history.effective_frames(from, history.size()));
    const float early_frames = std::max(1.0F, history.effective_frames(slots.from, slots.to));
    const float share = std::sqrt(1.0F / frames + growth * growth / early_frames);
    const float* before = before_.mean.view().row(y) + c.x;
    const float* filled = early_.mean.view().row(y) + c.x;
    for (int x = 0; x < c.extent.width; ++x) {
        const bool valid = history.valid(c.x + x, y);
        const float ground = base_to > 0 ? before[x] : 0.0F;
        now[x] = valid ? now[x] - ground : 0.0F;
        early[x] = valid ? filled[x] - ground : 0.0F;
        noise[x] = share * history.sigma(c.x + x, y);
    }
}

void Evidence::integrate(const History& history, const Sac& sac, int from, bool late) {
    locate(history, sac);
    parallel_rows(map_.corridor.extent.height, 16, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            difference_row(history, sac, from, late, row);
        }
    });
}

// Interpolates across the sac from what lies just outside it, so that its border gives no response
// and bands beside it are seen against their outer side.
void Evidence::erase_sac(const Sac& sac) {
    const Corridor& c = map_.corridor;
    const int margin = grid_.px(kSacMarginMm);
    for (int row = 0; row < c.extent.height; ++row) {
        const int y = c.y + row;
        if (y < sac.first_row() || y > sac.last_row()) {
            continue;
        }
        const SacRow& at = sac.row(y);
        const int l =
            std::max(0, static_cast<int>(std::floor(at.center - at.half_width)) - margin - c.x);
        const int r =
            std::min(c.extent.width - 1,
                     static_cast<int>(std::ceil(at.center + at.half_width)) + margin - c.x);
        float* value = map_.difference.view().row(row);
        for (int x = l + 1; x < r; ++x) {
            const float part = static_cast<float>(x - l) / static_cast<float>(r - l);
            value[x] = (1.0F - part) * value[l] + part * value[r];
        }
    }
}

// Scatter from the sac and slow shading lift or lower whole regions; the median over 14 mm follows
// them and no line does.
void Evidence::find_ground() {
    const cv::Mat difference = as_mat(map_.difference);
    map_.ground.resize(map_.corridor.extent);
    cv::Mat ground = as_mat(map_.ground);
    const int cell = grid_.px(2.9, 2);
    cv::Mat small;
    cv::resize(difference, small,
               {std::max(1, difference.cols / cell), std::max(1, difference.rows / cell)}, 0.0, 0.0,
               cv::INTER_AREA);
    cv::medianBlur(small, small, 5);
    cv::resize(small, ground, ground.size(), 0.0, 0.0, cv::INTER_LINEAR);
}

// Reference cells are a ring: the line itself and its flanks (the guard cells) are left out, so
// that a line does not raise its own bar and bright and dark are treated alike.
void Evidence::normalise(const Sac& sac, const LineScale& scale, double length_mm) {
    const Corridor& c = map_.corridor;
    map_.residue.resize(c.extent);
    map_.bright.resize(c.extent);
    map_.dark.resize(c.extent);
    map_.line_width_px = scale.width_px;
    auto lent_dark = pool_.lend(c.extent);
    auto lent_weight = pool_.lend(c.extent);
    Image<float>& dark = *lent_dark;
    Image<float>& weight = *lent_weight;
    parallel_rows(c.extent.height, 32, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            for (int x = 0; x < c.extent.width; ++x) {
                const Point at{static_cast<double>(c.x + x), static_cast<double>(c.y + row)};
                const bool inside = in_zone(map_.zone, sac.outside(at), scale.width_px, grid_.mm());
                weight(x, row) = inside ? 1.0F : 0.0F;
                dark(x, row) = inside ? response_.dark(x, row) : 0.0F;
            }
        }
    });
    const int outer = grid_.px(3.0 * length_mm) | 1;
    const int guard = grid_.px(length_mm) | 1;
    auto lent_outer_dark = pool_.lend(c.extent);
    auto lent_guard_dark = pool_.lend(c.extent);
    auto lent_outer_weight = pool_.lend(c.extent);
    auto lent_guard_weight = pool_.lend(c.extent);
    struct Sum {
        Image<float>& of;
        int size;
        Image<float>& to;
    };
    const std::array sums{Sum{dark, outer, *lent_outer_dark}, Sum{dark, guard, *lent_guard_dark},
                          Sum{weight, outer, *lent_outer_weight},
                          Sum{weight, guard, *lent_guard_weight}};
    parallel_rows(static_cast<int>(sums.size()), 1, [&](int first, int last) {
        for (int i = first; i < last; ++i) {
            const Sum& sum = sums[static_cast<std::size_t>(i)];
            box_sum(sum.of, sum.size, sum.to);
        }
    });
    const float gain = static_cast<float>(line_noise_gain(scale) * kNoiseMean);
    parallel_rows(c.extent.height, 32, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            for (int x = 0; x < c.extent.width; ++x) {
                const float cells = sums[2].to(x, row) - sums[3].to(x, row);
                const float sum = sums[0].to(x, row) - sums[1].to(x, row);
                const float residue = std::max(0.0F, sum) / std::max(cells, 20.0F);
                const float level = std::max({residue, gain * map_.noise(x, row), 1e-6F});
                map_.residue(x, row) = residue;
                map_.bright(x, row) = response_.bright(x, row) / level;
                map_.dark(x, row) = response_.dark(x, row) / level;
            }
        }
    });
}

const EvidenceMap& Evidence::respond(const Sac& sac, const LineScale& scale, double length_mm) {
    find_ground();
    filter_(map_.difference.view(), scale, response_);
    normalise(sac, scale, length_mm);
    return map_;
}

const EvidenceMap& Evidence::veins(const History& history, const Sac& sac, int from, bool late) {
    integrate(history, sac, from, late);
    erase_sac(sac);
    map_.broad = false;
    map_.zone = Zone::beside;
    return respond(sac, {kVeinMm / grid_.mm(), kVeinLengthMm / grid_.mm()}, kVeinLengthMm);
}

const EvidenceMap& Evidence::canal(const History& history, const Sac& sac, int from) {
    locate(history, sac);
    const Corridor& c = map_.corridor;
    sac_early_.resize(c.extent);
    parallel_rows(c.extent.height, 16, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            sac_row(history, sac, from, row);
        }
    });
    take_sac_away(sac, grid_, {c.x, c.y, c.extent.width, c.extent.height}, sac_early_, pool_,
                  map_.difference);
    map_.broad = false;
    map_.zone = Zone::canal;
    return respond(sac, {kVeinMm / grid_.mm(), kVeinLengthMm / grid_.mm()}, kVeinLengthMm);
}

const EvidenceMap& Evidence::bands(const History& history, const Sac& sac, int from) {
    integrate(history, sac, from, true);
    erase_sac(sac);
    map_.broad = true;
    map_.zone = Zone::beside;
    return respond(sac, {kBandMm / grid_.mm(), kBandLengthMm / grid_.mm()}, kBandLengthMm);
}

}  // namespace dsm
