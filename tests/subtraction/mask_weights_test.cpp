#include "dsp/subtraction/mask_weights.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>

using namespace dsm;

namespace {

// Quarter resolution: pixels of 4 px.
constexpr Extent kQuarter{64, 48};
constexpr float kNoise = 0.004F;  // of a quarter-resolution pixel

using Residue = std::function<double(int x, int y)>;

Image<float> frame(unsigned seed, const Residue& residue) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0.0, static_cast<double>(kNoise));
    Image<float> image(kQuarter);
    for (int y = 0; y < kQuarter.height; ++y) {
        for (int x = 0; x < kQuarter.width; ++x) {
            image(x, y) = static_cast<float>(7.0 + residue(x, y) + normal(random));
        }
    }
    return image;
}

double nothing(int, int) {
    return 0.0;
}
double edges(int x, int y) {
    return 0.03 * std::sin(0.9 * x + 0.4 * y);
}
double other_edges(int x, int y) {
    return 0.03 * std::sin(0.7 * y - 0.5 * x);
}
double vein(int x, int y) {
    return y > 8 && y < 40 && (x == 30 || x == 31) ? 0.05 : 0.0;
}

struct Weighed {
    std::vector<Image<float>> masks;
    std::vector<Image<float>> weights;
};

// `less` is subtracted from the live frame: contrast.
Weighed weighed(const std::vector<Residue>& residues, const Residue& less = nothing,
                std::size_t certain = 99, const Residue& known = nothing, int unusable_mask = -1) {
    Weighed all;
    std::vector<Image<float>> usable;
    for (std::size_t i = 0; i < residues.size(); ++i) {
        all.masks.push_back(frame(static_cast<unsigned>(i) + 1, residues[i]));
        usable.emplace_back(kQuarter, static_cast<int>(i) == unusable_mask ? 0.0F : 1.0F);
    }
    const Image<float> live = frame(77, [&](int x, int y) { return -less(x, y); });
    Image<float> contrast(kQuarter);
    for (int y = 0; y < kQuarter.height; ++y) {
        for (int x = 0; x < kQuarter.width; ++x) {
            contrast(x, y) = static_cast<float>(known(x, y));
        }
    }
    WeighInput input;
    for (std::size_t i = 0; i < residues.size(); ++i) {
        input.masks.push_back(all.masks[i].view());
        input.usable.push_back(usable[i].view());
    }
    input.certain = std::min(certain, residues.size());
    input.live = live.view();
    input.contrast = contrast.view();
    input.unknown_noise = 4.0F * kNoise;  // of a full-resolution pixel
    MaskWeights weights;
    for (const Image<float>& map : weights.weigh(input)) {
        all.weights.push_back(map.clone());
    }
    return all;
}

double mean_of(const Image<float>& map) {
    double sum = 0.0;
    for (const float value : map.pixels()) {
        sum += static_cast<double>(value);
    }
    return sum / static_cast<double>(map.extent().pixels());
}

double largest_change(const std::vector<Image<float>>& a, const std::vector<Image<float>>& b) {
    double worst = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t p = 0; p < a[i].pixels().size(); ++p) {
            worst = std::max(worst, std::abs(static_cast<double>(a[i].pixels()[p]) -
                                             static_cast<double>(b[i].pixels()[p])));
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("the weights of masks sum to one at every place, for any number of masks") {
    const std::vector<Residue> every{edges,   other_edges, nothing, edges,
                                     nothing, edges,       nothing, other_edges};
    for (std::size_t count = 1; count <= kMostMasks; ++count) {
        const Weighed all = weighed({every.begin(), every.begin() + static_cast<long>(count)});
        REQUIRE(all.weights.size() == count);
        for (std::size_t p = 0; p < all.weights[0].pixels().size(); ++p) {
            float sum = 0.0F;
            for (const auto& map : all.weights) {
                sum += map.pixels()[p];
            }
            REQUIRE(sum == Approx(1.0F).margin(1e-4));
        }
    }
}

TEST_CASE("masks that fit as well as each other share") {
    const Weighed all = weighed({nothing, nothing});
    CHECK(mean_of(all.weights[0]) == Approx(0.5).margin(0.05));
}

TEST_CASE("the mask that fits has the weight") {
    const Weighed all = weighed({edges, nothing});
    CHECK(mean_of(all.weights[1]) > 0.93);
}

TEST_CASE("residues of opposite signs cancel") {
    const Weighed all =
        weighed({edges, [](int x, int y) { return -0.5 * edges(x, y); }, other_edges});
    CHECK(mean_of(all.weights[0]) == Approx(1.0 / 3.0).margin(0.05));
    CHECK(mean_of(all.weights[1]) == Approx(2.0 / 3.0).margin(0.05));
    CHECK(mean_of(all.weights[2]) == Approx(0.0).margin(0.03));
}

TEST_CASE("contrast that no mask holds changes no weight, known or not") {
    const std::vector<Residue> residues{edges, other_edges,
                                        [](int x, int y) { return -0.8 * edges(x, y); }};
    const Weighed without = weighed(residues);
    // A term common to all r_i is cancelled by sum w = 1, up to where it meets noise and trust.
    CHECK(largest_change(without.weights, weighed(residues, vein).weights) < 0.12);
    CHECK(largest_change(without.weights, weighed(residues, vein, 99, vein).weights) < 1e-3);
}

TEST_CASE("a mask that may have lost contrast is used only where it explains more") {
    // The second mask lacks the vein that the live frame holds: it would explain it away.
    const auto lost = [](int x, int y) { return -vein(x, y); };
    const Weighed tempted = weighed({nothing, lost}, vein, 1, vein);
    CHECK(tempted.weights[1](15, 12) < 0.35F);
    // Far better than the masks without contrast, it is used.
    const auto strong = [](int x, int y) { return 2.0 * edges(x, y); };
    const Weighed needed = weighed({strong, nothing}, nothing, 1);
    CHECK(mean_of(needed.weights[1]) > 0.8);
}

TEST_CASE("masks of one residue, without noise, get weights within reason") {
    std::vector<Image<float>> masks;
    for (int i = 0; i < 4; ++i) {
        Image<float>& mask = masks.emplace_back(kQuarter);
        for (int y = 0; y < kQuarter.height; ++y) {
            for (int x = 0; x < kQuarter.width; ++x) {
                mask(x, y) = static_cast<float>((1.0 + 1e-4 * i) * 10.0 * edges(x, y));
            }
        }
    }
    const Image<float> live(kQuarter);
    const Image<float> usable(kQuarter, 1.0F);
    WeighInput input;
    for (const auto& mask : masks) {
        input.masks.push_back(mask.view());
        input.usable.push_back(usable.view());
    }
    input.certain = masks.size();
    input.live = live.view();
    input.unknown_noise = 0.0F;
    MaskWeights weights;
    const auto& maps = weights.weigh(input);
    for (std::size_t p = 0; p < maps[0].pixels().size(); ++p) {
        float size = 0.0F;
        for (const auto& map : maps) {
            size += std::abs(map.pixels()[p]);
        }
        REQUIRE(size < 9.0F);  // false for what is no number
    }
}

TEST_CASE("what lies in an unusable part changes no weight beside it") {
    const auto weights_of = [](float behind) {
        std::vector<Image<float>> masks;
        masks.push_back(frame(1, edges));
        masks.push_back(frame(2, nothing));
        const Image<float> live = frame(77, nothing);
        Image<float> usable(kQuarter, 1.0F);
        for (int y = 0; y < kQuarter.height; ++y) {
            for (int x = 0; x < 12; ++x) {
                usable(x, y) = 0.0F;
                masks[0](x, y) += behind * static_cast<float>(x % 3);
                masks[1](x, y) -= behind * static_cast<float>(x % 2);
            }
        }
        WeighInput input;
        for (const auto& mask : masks) {
            input.masks.push_back(mask.view());
            input.usable.push_back(usable.view());
        }
        input.certain = 2;
        input.live = live.view();
        input.unknown_noise = 4.0F * kNoise;
        MaskWeights weights;
        return weights.weigh(input)[0].clone();
    };
    const Image<float> a = weights_of(0.0F);
    const Image<float> b = weights_of(1.0F);
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 6; x < a.width(); ++x) {
            REQUIRE(a(x, y) == Approx(b(x, y)).margin(1e-4));
        }
    }
}

TEST_CASE("convex weights do not predict contrast from its growth in the masks") {
    // Each mask holds more of it: linear in time, the third less the second would hit the live one.
    const auto vein_of = [](double share) {
        return [share](int x, int y) { return -share * vein(x, y); };
    };
    Weighed free = weighed({vein_of(0.2), vein_of(0.4)}, [](int x, int y) { return vein(x, y); });
    CHECK(free.weights[0](15, 12) < -0.2F);
    std::vector<Image<float>> masks;
    masks.push_back(frame(1, vein_of(0.2)));
    masks.push_back(frame(2, vein_of(0.4)));
    const Image<float> live = frame(77, vein_of(1.0));
    const Image<float> usable(kQuarter, 1.0F);
    WeighInput input;
    for (const auto& mask : masks) {
        input.masks.push_back(mask.view());
        input.usable.push_back(usable.view());
    }
    input.certain = 2;
    input.convex = true;
    input.live = live.view();
    input.unknown_noise = 4.0F * kNoise;
    MaskWeights weights;
    for (const auto& map : weights.weigh(input)) {
        for (const float weight : map.pixels()) {
            REQUIRE(weight >= 0.0F);
        }
    }
}

TEST_CASE("a mask that is not usable at a place has no weight there") {
    const Weighed all = weighed({nothing, nothing, nothing}, nothing, 99, nothing, 1);
    for (const float weight : all.weights[1].pixels()) {
        CHECK(weight == 0.0F);
    }
}
