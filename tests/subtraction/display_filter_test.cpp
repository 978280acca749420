#include "dsp/subtraction/display_filter.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

using namespace dsm;

namespace {

constexpr Extent kExtent{160, 128};
constexpr float kSigma = 0.01F;
constexpr int kVeinLeft = 76;
constexpr int kVeinWidth = 8;  // 2 mm at 0.25 mm per pixel

using Scene = std::function<float(int x, int y, FrameIndex frame)>;

float nothing(int, int, FrameIndex) {
    return 0.0F;
}

bool in_vein(int x) {
    return x >= kVeinLeft && x < kVeinLeft + kVeinWidth;
}

// Across a round vein, at its middle twice as opaque as the noise of a pixel.
float vein(int x, int, FrameIndex) {
    const float across = (static_cast<float>(x - kVeinLeft) + 0.5F) / (0.5F * kVeinWidth) - 1.0F;
    return 2.0F * kSigma * std::sqrt(std::max(0.0F, 1.0F - across * across));
}

float vein_from_8(int x, int y, FrameIndex frame) {
    return frame >= 8 ? vein(x, y, frame) : 0.0F;
}

struct Frames {
    std::vector<Image<float>> opacity;
    Image<float> sigma{kExtent, kSigma};
    Image<std::uint8_t> usable{kExtent, 1};
};

Frames make(int count, const Scene& scene, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, kSigma);
    Frames frames;
    for (FrameIndex k = 0; k < count; ++k) {
        Image<float>& frame = frames.opacity.emplace_back(kExtent);
        for (int y = 0; y < kExtent.height; ++y) {
            for (int x = 0; x < kExtent.width; ++x) {
                frame(x, y) = scene(x, y, k) + normal(random);
            }
        }
    }
    return frames;
}

std::vector<Image<float>> filtered(const Frames& frames, DisplayFilterParams params,
                                   const std::vector<bool>& subtracted = {}) {
    DisplayFilter filter(kExtent, params);
    std::vector<Image<float>> out;
    const DisplayFilter::Sink sink = [&](FrameIndex frame, ImageView<const float> picture) {
        REQUIRE(frame == static_cast<FrameIndex>(out.size()));
        copy_pixels(picture, out.emplace_back(kExtent).view());
        return Result<void>{};
    };
    for (std::size_t k = 0; k < frames.opacity.size(); ++k) {
        const bool any = subtracted.empty() || subtracted[k];
        REQUIRE(filter.push({static_cast<FrameIndex>(k), any, frames.opacity[k].view(),
                             frames.sigma.view(), frames.usable.view()},
                            sink));
        if (params.frames_after == 0) {
            REQUIRE(out.size() == k + 1);  // no delay
        }
    }
    REQUIRE(filter.finish(sink));
    REQUIRE(out.size() == frames.opacity.size());
    return out;
}

double deviation(const Image<float>& picture) {
    double sum = 0.0;
    double squares = 0.0;
    for (const float value : picture.pixels()) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto count = static_cast<double>(picture.pixels().size());
    return std::sqrt(squares / count - sum * sum / (count * count));
}

double mean(const Image<float>& picture, const std::function<bool(int x)>& column) {
    double sum = 0.0;
    int count = 0;
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            if (column(x)) {
                sum += static_cast<double>(picture(x, y));
                ++count;
            }
        }
    }
    return sum / count;
}

double true_contrast() {
    double sum = 0.0;
    for (int x = kVeinLeft; x < kVeinLeft + kVeinWidth; ++x) {
        sum += static_cast<double>(vein(x, 0, 0));
    }
    return sum / kVeinWidth;
}

double vein_contrast(const Image<float>& picture) {
    return mean(picture, in_vein) - mean(picture, [](int x) { return x < 60 || x > 100; });
}

}  // namespace

TEST_CASE("in a still picture the filter leaves a fifth of the noise or less") {
    const Frames frames = make(14, nothing);
    CHECK(deviation(filtered(frames, kLiveDisplay)[12]) < 0.20 * static_cast<double>(kSigma));
    CHECK(deviation(filtered(frames, kReviewDisplay)[7]) < 0.20 * static_cast<double>(kSigma));
}

TEST_CASE("a vein of twice the noise shows in its first frame with 0.8 of its contrast") {
    const Frames frames = make(14, vein_from_8);
    const double full = true_contrast();
    for (const auto& params : {kLiveDisplay, kReviewDisplay}) {
        const auto out = filtered(frames, params);
        CHECK(vein_contrast(out[7]) < 0.1 * full);
        CHECK(vein_contrast(out[8]) > 0.8 * full);
        CHECK(vein_contrast(out[10]) > 0.9 * full);
    }
}

TEST_CASE("a vein keeps 0.9 of its contrast and stands out three times as far from the noise") {
    const Frames frames = make(14, vein);
    const Frames empty = make(14, nothing, 2);
    for (const auto& params : {kLiveDisplay, kReviewDisplay}) {
        const double contrast = vein_contrast(filtered(frames, params)[8]);
        const double noise = deviation(filtered(empty, params)[8]);
        CHECK(contrast > 0.9 * true_contrast());
        CHECK(contrast / noise > 3.0 * true_contrast() / static_cast<double>(kSigma));
    }
}

TEST_CASE("an edge that moves is not smeared over the frames") {
    const Scene edge = [](int x, int, FrameIndex frame) {
        return x < 40 + 4 * frame ? 0.3F : 0.0F;
    };
    const Frames frames = make(12, edge);
    for (const auto& params : {kLiveDisplay, kReviewDisplay}) {
        const auto all = filtered(frames, params);
        const Image<float>& out = all[6];
        // The edge is at 64: its neighbours in time at 60 and 68.
        CHECK(mean(out, [](int x) { return x == 62; }) == Approx(0.3).margin(0.01));
        CHECK(mean(out, [](int x) { return x == 65; }) == Approx(0.0).margin(0.01));
    }
}

TEST_CASE("in live, what a frame becomes does not depend on later frames") {
    const auto same = [](const Image<float>& a, const Image<float>& b) {
        return std::equal(a.pixels().begin(), a.pixels().end(), b.pixels().begin());
    };
    CHECK(rc::check([&] {
        const int changed = *rc::gen::inRange(1, 9);
        Frames frames = make(9, vein_from_8);
        const auto before = filtered(frames, kLiveDisplay);
        for (auto k = static_cast<std::size_t>(changed); k < frames.opacity.size(); ++k) {
            frames.opacity[k].fill(0.7F);
        }
        const auto after = filtered(frames, kLiveDisplay);
        for (std::size_t k = 0; k < static_cast<std::size_t>(changed); ++k) {
            RC_ASSERT(same(before[k], after[k]));
        }
    }));
}

TEST_CASE("each frame of a run of any length comes out once, in order, and finite") {
    for (const int length : {1, 2, 5, 6, 11, 12, 15}) {
        const Frames frames = make(length, vein_from_8);
        for (const auto& params : {kLiveDisplay, kReviewDisplay}) {
            for (const auto& picture : filtered(frames, params)) {
                CHECK(std::isfinite(deviation(picture)));
            }
        }
    }
}

TEST_CASE("what is no measurement has no influence, whatever is stored there") {
    Frames frames = make(8, nothing);
    const auto spoil = [&](float value) {
        for (auto& frame : frames.opacity) {
            for (int y = 30; y < 60; ++y) {
                std::fill_n(frame.view().row(y) + 20, 30, value);
            }
        }
    };
    for (int y = 30; y < 60; ++y) {
        std::fill_n(frames.usable.view().row(y) + 20, 30, std::uint8_t{0});
    }
    spoil(0.0F);
    const auto clean = filtered(frames, kLiveDisplay);
    for (const float value : {1000.0F, std::numeric_limits<float>::quiet_NaN(),
                              -std::numeric_limits<float>::infinity()}) {
        spoil(value);
        const auto out = filtered(frames, kLiveDisplay);
        bool equal = true;
        bool finite = true;
        for (int y = 0; y < kExtent.height; ++y) {
            for (int x = 0; x < kExtent.width; ++x) {
                equal = equal && (frames.usable(x, y) == 0 || out[7](x, y) == clean[7](x, y));
                finite = finite && std::isfinite(out[7](x, y));
            }
        }
        CHECK(equal);
        CHECK(finite);
        CHECK(out[7](30, 40) == (std::isfinite(value) ? value : 0.0F));
    }
}

TEST_CASE("frames that were not subtracted pass as they are and enter no average") {
    Frames frames = make(8, nothing);
    for (std::size_t k : {0U, 1U, 5U}) {
        frames.opacity[k].fill(0.0F);
    }
    const std::vector<bool> subtracted{false, false, true, true, true, false, true, true};
    const auto out = filtered(frames, kLiveDisplay, subtracted);
    for (std::size_t k : {0U, 1U, 5U}) {
        CHECK(deviation(out[k]) == 0.0);
    }
    // Filled with something else, they change nothing about the others.
    for (std::size_t k : {0U, 1U, 5U}) {
        frames.opacity[k].fill(0.004F);
    }
    const auto again = filtered(frames, kLiveDisplay, subtracted);
    CHECK(std::equal(out[7].pixels().begin(), out[7].pixels().end(), again[7].pixels().begin()));
}

TEST_CASE("where nobody knows the noise it is taken from the picture") {
    Frames frames = make(10, vein_from_8);
    frames.sigma.fill(0.0F);
    const auto out = filtered(frames, kLiveDisplay);
    CHECK(vein_contrast(out[9]) > 0.85 * true_contrast());
    CHECK(deviation(out[6]) < 0.25 * static_cast<double>(kSigma));
}

TEST_CASE("an error of the sink stops the filter and comes back") {
    const Frames frames = make(2, nothing);
    DisplayFilter filter(kExtent, kLiveDisplay);
    const auto refused =
        filter.push({0, true, frames.opacity[0].view(), frames.sigma.view(), frames.usable.view()},
                    [](FrameIndex, ImageView<const float>) -> Result<void> {
                        return fail(ErrorKind::io, "sink", "full");
                    });
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::io);
}
