#include "dsp/opacification/running_maps.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "dsp/gpu/frame_stages.h"
#include "dsp/gpu/shader_files.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

constexpr Extent kExtent{133, 71};
constexpr int kFrames = 14;

struct Frame {
    Image<float> opacity{kExtent}, sigma{kExtent};
    Image<std::uint8_t> usable{kExtent, std::uint8_t{1}};
};

// Noise, contrast that comes from the left, pixels that are not usable and some that are no number.
Frame frame_of(int k) {
    std::mt19937 random(static_cast<unsigned>(k) + 5U);
    std::normal_distribution<float> normal;
    Frame frame;
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            const float sigma = 0.01F + 0.0001F * static_cast<float>(x);
            frame.sigma(x, y) = sigma;
            frame.opacity(x, y) = (x < 8 * k ? 0.08F : 0.0F) + sigma * normal(random);
            frame.usable(x, y) = (x + 3 * y + k) % 11 == 0 ? 0 : 1;
        }
    }
    frame.opacity(20, k) = std::numeric_limits<float>::quiet_NaN();
    frame.opacity(21, k) = std::numeric_limits<float>::infinity();
    return frame;
}

bool near(ImageView<const float> a, ImageView<const float> b, float relative) {
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            if (!(std::abs(a(x, y) - b(x, y)) <= 1e-6F + relative * std::abs(b(x, y)))) {
                return false;
            }
        }
    }
    return true;
}

gpu::FrameStages stages() {
    RunInfo run;
    run.extent = kExtent;
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto made = gpu::FrameStages::create(*shaders, run, {0, 0, kExtent.width, kExtent.height});
    REQUIRE(made);
    return std::move(*made);
}

}  // namespace

TEST_CASE("running maps on the GPU are those of the CPU, and the CPU can take them over") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    gpu::FrameStages on_gpu = stages();
    RunningMaps whole(kExtent);
    RunningMaps taken_over(kExtent);
    const int left_at = GENERATE(1, 6, kFrames);
    for (int k = 0; k < kFrames; ++k) {
        const Frame frame = frame_of(k);
        whole.follow(k, frame.opacity.view(), frame.sigma.view(), frame.usable.view());
        if (k < left_at) {
            on_gpu.put_subtracted(frame.opacity.view(), frame.sigma.view(), frame.usable.view());
            REQUIRE(on_gpu.follow_maps(k));
        }
        if (k + 1 == left_at) {
            // What is followed while the maps are on their way does not change them.
            REQUIRE(on_gpu.send_maps());
            const Frame later = frame_of(kFrames);
            on_gpu.put_subtracted(later.opacity.view(), later.sigma.view(), later.usable.view());
            REQUIRE(on_gpu.follow_maps(k + 1));
            REQUIRE(on_gpu.receive_maps(taken_over.resume()));
            CHECK(!on_gpu.receive_maps(taken_over.resume()));
        }
        if (k >= left_at) {
            taken_over.follow(k, frame.opacity.view(), frame.sigma.view(), frame.usable.view());
        }
    }
    CHECK(near(taken_over.smoothed(), whole.smoothed(), 1e-3F));
    CHECK(near(taken_over.peak(), whole.peak(), 1e-3F));
    CHECK(near(taken_over.arrival(), whole.arrival(), 0.0F));
    int arrived = 0;
    for (int y = 0; y < kExtent.height; ++y) {
        arrived += static_cast<int>(std::count_if(whole.arrival().row(y),
                                                  whole.arrival().row(y) + kExtent.width,
                                                  [](float at) { return at >= 0.0F; }));
    }
    CHECK(arrived > 500);
    CHECK(arrived < static_cast<int>(kExtent.pixels()) - 500);
}
