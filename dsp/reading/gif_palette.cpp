#include "dsp/reading/gif_palette.h"

#include <algorithm>
#include <cstddef>

namespace dsm::reading {

namespace {

constexpr int kGreyStep = 2;  // levels a grey entry stands for
constexpr int kGreys = 256 / kGreyStep;
constexpr std::size_t kColours = 256;

int part(std::uint32_t word, int channel) {
    return static_cast<int>((word >> (16U - 8U * static_cast<unsigned>(channel))) & 0xFFU);
}

std::uint32_t word_of(int red, int green, int blue) {
    return (static_cast<std::uint32_t>(red) << 16U) | (static_cast<std::uint32_t>(green) << 8U) |
           static_cast<std::uint32_t>(blue);
}

// The surround of the pictures and their texts are a little blue, and count as grey too.
bool is_grey(std::uint32_t word) {
    constexpr int kTint = 4;
    const auto [least, most] = std::minmax({part(word, 0), part(word, 1), part(word, 2)});
    return most - least <= kTint;
}

int grey_entry(std::uint32_t word) {
    const int level = (part(word, 0) + 2 * part(word, 1) + part(word, 2)) / 4;
    return level / kGreyStep;
}

// Colours of five bits a channel, with how often they come.
struct Bin {
    std::uint32_t cell{0};
    std::size_t count{0};
};

std::uint32_t cell_of(std::uint32_t word) {
    return ((word >> 9U) & 0x7C00U) | ((word >> 6U) & 0x3E0U) | ((word >> 3U) & 0x1FU);
}

int part_of_cell(std::uint32_t cell, int channel) {
    return static_cast<int>((cell >> (10U - 5U * static_cast<unsigned>(channel))) & 0x1FU);
}

struct Group {
    std::size_t first{0};
    std::size_t last{0};  // one past
    int channel{0};       // its widest
    int width{0};
};

Group measured(const std::vector<Bin>& bins, std::size_t first, std::size_t last) {
    Group group{first, last, 0, 0};
    for (int channel = 0; channel < 3; ++channel) {
        int least = 31;
        int most = 0;
        for (std::size_t i = first; i < last; ++i) {
            least = std::min(least, part_of_cell(bins[i].cell, channel));
            most = std::max(most, part_of_cell(bins[i].cell, channel));
        }
        if (most - least > group.width) {
            group.width = most - least;
            group.channel = channel;
        }
    }
    return group;
}

// Halves the widest group by the count of its pixels until there are `wanted`, or none is wide.
std::vector<Group> cut(std::vector<Bin>& bins, std::size_t wanted) {
    std::vector<Group> groups;
    if (bins.empty()) {
        return groups;
    }
    groups.push_back(measured(bins, 0, bins.size()));
    while (groups.size() < wanted) {
        const auto widest =
            std::max_element(groups.begin(), groups.end(),
                             [](const Group& a, const Group& b) { return a.width < b.width; });
        if (widest->width == 0) {
            break;
        }
        const Group group = *widest;
        const auto at = [&](std::size_t i) {
            return bins.begin() + static_cast<std::ptrdiff_t>(i);
        };
        std::sort(at(group.first), at(group.last), [&](const Bin& a, const Bin& b) {
            return part_of_cell(a.cell, group.channel) < part_of_cell(b.cell, group.channel);
        });
        std::size_t all = 0;
        for (std::size_t i = group.first; i < group.last; ++i) {
            all += bins[i].count;
        }
        std::size_t middle = group.first + 1;
        for (std::size_t seen = bins[group.first].count; middle + 1 < group.last && 2 * seen < all;
             ++middle) {
            seen += bins[middle].count;
        }
        *widest = measured(bins, group.first, middle);
        groups.push_back(measured(bins, middle, group.last));
    }
    return groups;
}

std::uint32_t mean_of(const std::vector<Bin>& bins, const Group& group) {
    std::array<double, 3> sum{};
    double all = 0.0;
    for (std::size_t i = group.first; i < group.last; ++i) {
        const auto count = static_cast<double>(bins[i].count);
        for (int channel = 0; channel < 3; ++channel) {
            sum[static_cast<std::size_t>(channel)] +=
                count * (8.0 * part_of_cell(bins[i].cell, channel) + 4.0);
        }
        all += count;
    }
    return word_of(static_cast<int>(sum[0] / all), static_cast<int>(sum[1] / all),
                   static_cast<int>(sum[2] / all));
}

}  // namespace

GifPalette gif_palette(std::span<const std::uint32_t> pixels) {
    std::vector<std::size_t> counts(32U * 32U * 32U, 0);
    for (const std::uint32_t word : pixels) {
        if (!is_grey(word)) {
            ++counts[cell_of(word)];
        }
    }
    std::vector<Bin> bins;
    for (std::size_t cell = 0; cell < counts.size(); ++cell) {
        if (counts[cell] > 0) {
            bins.push_back({static_cast<std::uint32_t>(cell), counts[cell]});
        }
    }
    GifPalette palette;
    for (int i = 0; i < kGreys; ++i) {
        const int level = i * kGreyStep + kGreyStep / 2;
        palette.colours.push_back(word_of(level, level, level));
    }
    std::vector<std::uint8_t> entry_of_cell(counts.size(), 0);
    for (const Group& group : cut(bins, kColours - kGreys)) {
        const auto entry = static_cast<std::uint8_t>(palette.colours.size());
        palette.colours.push_back(mean_of(bins, group));
        for (std::size_t i = group.first; i < group.last; ++i) {
            entry_of_cell[bins[i].cell] = entry;
        }
    }
    palette.indices.reserve(pixels.size());
    for (const std::uint32_t word : pixels) {
        palette.indices.push_back(is_grey(word) ? static_cast<std::uint8_t>(grey_entry(word))
                                                : entry_of_cell[cell_of(word)]);
    }
    return palette;
}

}  // namespace dsm::reading
