// What could have been seen, level by level and side by side: this is what makes "negative" mean
// something.
//
// detectable_opacity, derivation. A vein 2 mm wide and 15 mm long of opacity a is measured as the
// mean over its strip less the mean over its flanks, averaged over n watched frames and compared
// with B frames before contrast:
//   mean    = t a,  t = 0.75: share of the peak left in the strip after a chord-shaped profile
//             (pi / 4) and blur,
//   var     = s^2 (1/Nc + 1/Nf) (1/n + 1/B) + r^2,
// s noise of one coarse pixel in one frame, Nc and Nf pixels in strip and flanks, r the root mean
// square residue of lines there (from dark lines, which contrast cannot make; it does not average
// out over frames). It is highlighted when it exceeds k standard deviations, so with probability
// 0.9 when  a = (k + 1.2816) sqrt(var) / (t e)  (1.2816: 90 % point of the normal distribution).
// That is the ideal matched filter for e = 1. The search does not know where the vein is, when it
// comes or how it bends, and must beat the run's decoys: inserting such veins (statistics_test.cpp)
// shows that it needs 1/e = 2.9 times as much. A 15 mm vein that lies on a root sleeve needs more
// still: this figure is for veins that do not.
#pragma once

#include <span>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/run_info.h"
#include "dsp/opacification/evidence.h"
#include "dsp/opacification/history.h"
#include "dsp/opacification/sac.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

struct DetectionNoise {
    double sigma{0.0};    // one coarse pixel, one frame
    double residue{0.0};  // root mean square of line residue, opacity
    double frames_watched{1.0};
    double frames_before{1.0};
    double mm_per_px{0.48};
};

// k: where the classifier's strength and contrast terms together turn in favour of a leak.
constexpr double kDetectionSigmas = 5.0;
constexpr double kTransfer = 0.75;
constexpr double kEfficiency = 0.26;  // e

[[nodiscard]] double detectable_opacity(const DetectionNoise& noise);

struct CoverageLimits {
    // The mean delay of a fistula after the sac is 9.1 s, 0-30 s (Mark et al., AJNR 2023;44:492):
    // 15 s see about four fifths of them.
    double watched_s{15.0};
    // A 2 mm vein with about 20 mg/mL iodine at 70 kVp and a scatter fraction of one half.
    double opacity{0.018};
    // Where opacity has no absolute scale: the same as a share of the sac's.
    double share_of_sac{0.1};
};

// Two entries (left, right) per level; side `undetermined` twice over becomes one entry when the
// header does not tell sides apart. Empty without levels.
[[nodiscard]] std::vector<LevelCoverage> coverage_of(std::span<const LevelMark> levels,
                                                     const RunInfo& run, const WorkGrid& grid,
                                                     const History& history, const Sac& sac,
                                                     const EvidenceMap* map, bool relative,
                                                     const CoverageLimits& limits = {});

// The patient's side of a coarse point, -1 or +1 as of Sac::side_of; from the header alone.
[[nodiscard]] Side patient_side(const RunInfo& run, const WorkGrid& grid, int side_in_image);

}  // namespace dsm
