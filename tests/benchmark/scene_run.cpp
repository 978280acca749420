#include "tests/benchmark/scene_run.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <utility>

#include "dsp/subtraction/linearise.h"
#include "tests/motion/scene.h"

namespace dsm::bench {
namespace {

Image<std::uint16_t> make_words(int side, FrameIndex frame) {
    // 15 frames a breath: what a breath of 4 s is at 4 frames a second.
    const double breath = std::sin(0.42 * frame);
    const test::Field motion = [=](double x, double y) {
        return Point{breath * 1.5 * std::cos(0.006 * y),
                     breath * (3.0 + 2.0 * std::sin(0.005 * x + 0.3))};
    };
    const Image<float> log_intensity = test::picture(
        {side, side}, motion, static_cast<double>(kNoise), static_cast<unsigned>(frame) + 1);
    Image<std::uint16_t> words(log_intensity.extent());
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const bool sac = frame >= kFirstContrast && std::abs(x - side / 2) < side / 24;
            const float value = std::exp(log_intensity(x, y) - (sac ? 0.3F : 0.0F));
            words(x, y) = static_cast<std::uint16_t>(std::clamp(std::lround(value), 1L, 4094L));
        }
    }
    return words;
}

template <class T, class Make>
const T& kept(std::map<std::pair<int, FrameIndex>, T>& store, int side, FrameIndex frame,
              Make&& make) {
    const auto key = std::pair{side, frame};
    auto found = store.find(key);
    if (found == store.end()) {
        found = store.emplace(key, make(side, frame)).first;
    }
    return found->second;
}

PreparedFrame make_prepared(int side, FrameIndex frame) {
    PreparedFrame made;
    made.frame = frame;
    made.log_intensity.resize({side, side});
    made.usable.resize({side, side});
    const Lineariser lineariser(run_of(side));
    lineariser.apply(words_of(side, frame).view(), made.log_intensity.view(), made.usable.view());
    prepare(made);
    return made;
}

}  // namespace

RunInfo run_of(int side) {
    RunInfo run;
    run.extent = {side, side};
    run.frames = kFrames;
    run.bits_stored = 12;
    run.intensity.relationship = PixelIntensityRelationship::linear;
    run.intensity.sign = 1;
    return run;
}

const Image<std::uint16_t>& words_of(int side, FrameIndex frame) {
    static std::map<std::pair<int, FrameIndex>, Image<std::uint16_t>> store;
    return kept(store, side, frame, make_words);
}

const PreparedFrame& prepared_of(int side, FrameIndex frame) {
    static std::map<std::pair<int, FrameIndex>, PreparedFrame> store;
    return kept(store, side, frame, make_prepared);
}

}  // namespace dsm::bench
