// Small synthetic opacity runs for the tests of the finding engine: a sac that fills from below,
// root sleeves that fill with it, and whatever a test adds. 0.48 mm per pixel, two frames a second.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "dsp/opacification/finding_engine.h"

namespace dsm::test {

struct Line {
    std::vector<Point> path;
    double width_mm{2.0};
    double peak{0.04};  // negative: opacity goes
    double onset_s{12.0};
    double speed_mm_s{20.0};  // growth along the path
    double rise_s{1.0};
};

struct Scene {
    Extent extent{220, 280};
    int frames{50};
    double frame_s{0.5};
    double noise{0.006};
    std::uint32_t seed{1};
    double sac_x{110.0};
    double sac_half_width_mm{8.0};
    double sac_peak{0.25};
    bool sac{true};
    bool sleeves{true};
    double first_contrast_s{4.0};
    double front_mm_s{60.0};  // upwards
    int unsubtracted{0};      // frames at the start that have no mask yet
    std::vector<Line> lines;
    // Edges of moving bone: thin lines of both signs that swing with a breathing period.
    double residue{0.0};
    // The first frames, fitted badly beside the far end of `lines`, show this much there.
    double bad_start{0.0};
    LeftInImage left{LeftInImage::towards_larger_x};
};

[[nodiscard]] RunInfo run_of(const Scene& scene);
// Seconds at which contrast comes to row y of the sac.
[[nodiscard]] double arrival_s(const Scene& scene, double y);

// Follows the whole scene, or its first `frames` frames.
[[nodiscard]] Findings follow(const Scene& scene, int frames = -1,
                              const std::vector<LevelMark>& marks = {},
                              const FindingParams& params = {});

// A path that winds about the sac's right border from row y downwards.
[[nodiscard]] std::vector<Point> border_path(const Scene& scene, double y, double length_mm);

// A path from the sac's border at row y outwards to the right and up.
[[nodiscard]] std::vector<Point> vein_path(const Scene& scene, double y, double length_mm);

}  // namespace dsm::test
