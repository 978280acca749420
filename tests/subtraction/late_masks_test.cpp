#include "dsp/subtraction/late_masks.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace dsm;

namespace {

constexpr Extent kExtent{128, 96};

PreparedFrame shown(FrameIndex frame, double phase) {
    PreparedFrame made;
    made.frame = frame;
    made.log_intensity = Image<float>(kExtent);
    made.usable = Image<std::uint8_t>(kExtent, 1);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            made.log_intensity(x, y) =
                static_cast<float>(7.0 + 0.2 * std::sin(0.2 * x) * std::sin(0.15 * y + phase));
        }
    }
    prepare(made);
    return made;
}

std::vector<FrameIndex> frames_of(const LateMasks& masks) {
    std::vector<FrameIndex> frames;
    for (const auto& mask : masks.masks()) {
        frames.push_back(mask->frame);
    }
    return frames;
}

const Image<float>& no_contrast() {
    static const Image<float> none({kExtent.width / 2, kExtent.height / 2});
    return none;
}

}  // namespace

TEST_CASE("a late mask is the frame with its contrast put back") {
    PreparedFrame live = shown(0, 0.3);
    const PreparedFrame plain = shown(0, 0.3);
    Image<float> contrast({kExtent.width / 2, kExtent.height / 2});
    for (int y = 0; y < contrast.height(); ++y) {
        for (int x = 20; x < 30; ++x) {
            contrast(x, y) = 0.3F;
            for (const int i : {0, 1}) {
                live.log_intensity(2 * x, 2 * y + i) -= 0.3F;
                live.log_intensity(2 * x + 1, 2 * y + i) -= 0.3F;
            }
        }
    }
    prepare(live);
    LateMasks late(4);
    late.add(live, contrast.view(), 0.0);
    REQUIRE(late.masks().size() == 1);
    const PreparedFrame& mask = *late.masks().front();
    CHECK(mask.log_intensity(50, 40) == Approx(plain.log_intensity(50, 40)).margin(1e-5));
    CHECK(mask.log_intensity(10, 40) == Approx(plain.log_intensity(10, 40)).margin(1e-5));
    CHECK(mask.pyramid.levels[1].value(12, 10) ==
          Approx(plain.pyramid.levels[1].value(12, 10)).margin(1e-4));
    CHECK(phase_distance(mask, plain) < 0.02);
}

TEST_CASE("a mask is like another only while that is there") {
    // Each is like its neighbour in a drift. Once 1 has gone, 0 is like none.
    LateMasks late(4);
    const double phases[] = {0.0, 0.10, 0.14, 0.60, 0.64};
    for (FrameIndex k = 0; k < 5; ++k) {
        late.add(shown(k, phases[k]), no_contrast().view(), 0.5 * k);
    }
    late.add(shown(5, 1.1), no_contrast().view(), 2.5);
    const auto left = frames_of(late);
    CHECK(std::find(left.begin(), left.end(), 0) != left.end());
}

TEST_CASE("within two breaths the older of the most alike makes room, later the oldest") {
    LateMasks late(3);
    late.add(shown(0, 0.0), no_contrast().view(), 0.0);
    late.add(shown(1, 1.0), no_contrast().view(), 1.0);
    late.add(shown(2, 2.0), no_contrast().view(), 2.0);
    late.add(shown(3, 1.02), no_contrast().view(), 3.0);
    CHECK(frames_of(late) == std::vector<FrameIndex>{0, 2, 3});
    late.add(shown(4, 3.0), no_contrast().view(), LateMasks::kRecent_s + 0.5);
    CHECK(frames_of(late) == std::vector<FrameIndex>{2, 3, 4});
}
