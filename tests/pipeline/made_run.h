// A run made in memory for tests: a smooth textured scene with Poisson noise (Gaussian of the same
// variance), and whatever the test adds through `scene`.
#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <random>

#include "dsp/source/frame_source.h"

namespace dsm::test {

class MadeRun : public FrameSource {
 public:
    // Expected grey level at (x, y) of frame k, linear in exposure.
    using Scene = std::function<double(double x, double y, FrameIndex frame)>;

    MadeRun(Extent extent, int frames, Scene made = still) : scene(std::move(made)) {
        info_.extent = extent;
        info_.frames = frames;
        info_.bits_stored = 14;
        info_.high_bit = 13;
        info_.intensity.relationship = PixelIntensityRelationship::linear;
        for (int k = 0; k < frames; ++k) {
            info_.frame_time_s.push_back(0.5 * k);
        }
        info_.timing_is_acquisition = true;
    }

    [[nodiscard]] const RunInfo& info() const override { return info_; }
    [[nodiscard]] RunInfo& info() { return info_; }
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override {
        if (unreadable == frame) {
            return fail(ErrorKind::unreadable, "made run", "frame is damaged");
        }
        std::mt19937 random(seed + 7919U * static_cast<unsigned>(frame));
        std::normal_distribution<double> normal;
        for (int y = 0; y < words.height(); ++y) {
            for (int x = 0; x < words.width(); ++x) {
                const double level = scene(x, y, frame);
                const double noisy = level + noise * std::sqrt(level) * normal(random);
                words(x, y) =
                    static_cast<std::uint16_t>(std::lround(std::clamp(noisy, 1.0, 16382.0)));
            }
        }
        return {};
    }

    // Discs and bars that no small shift maps on themselves.
    [[nodiscard]] static double attenuation(double x, double y) {
        return 0.25 * std::sin(0.11 * x + 0.3) * std::cos(0.07 * y) +
               0.15 * std::sin(0.05 * x + 0.13 * y) + 0.1 * std::cos(0.17 * y - 0.02 * x);
    }
    [[nodiscard]] static double still(double x, double y, FrameIndex) {
        return 4000.0 * std::exp(-attenuation(x, y));
    }

    Scene scene;
    double noise{1.0};  // 1: the variance equals the grey level
    unsigned seed{1};
    std::optional<FrameIndex> unreadable;

 private:
    RunInfo info_;
};

}  // namespace dsm::test
