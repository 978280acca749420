// Opacity of a path against time: mean over the path of (centre strip less both flanks), slot by
// slot, with its noise. Flanks that fall into the sac or outside the measured picture are left out,
// and so are points without any flank.
//
// Over the sac there is no flank without contrast. There a strip v is compared with strips a little
// higher and lower on the sac, at the same distance from its axis (canal.h): what it has beyond
// g r v_E, with g = S / S_E the growth of the sac at that level, E the slots just after contrast
// came (evidence.h), and r the median of v / (g v_E) of the others; less the median of what they
// have.
#pragma once

#include <span>
#include <vector>

#include "dsp/core/units.h"
#include "dsp/opacification/canal.h"
#include "dsp/opacification/history.h"
#include "dsp/opacification/sac.h"

namespace dsm {

// The frames averaged in one slot of the history.
struct SlotFrames {
    FrameIndex first{0};
    FrameIndex last{0};
    int frames{0};
    double time_s{0.0};  // mean of theirs
};

struct PathCurve {
    std::vector<double> opacity;  // one per slot of History
    double noise{0.0};            // one standard deviation in one frame, noise model alone
    double scatter{0.0};          // the same as seen from slot to slot: noise and residue
    std::vector<double> weights;  // of each slot, as of History::weight
    // Of each slot, as it was when measured: the history may have been halved since.
    std::vector<SlotFrames> slots;
    bool measured{false};  // false: no part of the path can be measured
};

struct StripWidths {
    double center_px{2.0};  // full width of the centre strip
    double gap_px{1.0};     // between centre strip and flank
    double flank_px{3.0};   // width of each flank
};

// Pulls values farther than three robust standard deviations from the median back to there; fewer
// than five are left alone.
void clip_outliers(std::span<double> values);

// Unit vector across the path at its point i.
[[nodiscard]] Point normal_at(const std::vector<Point>& path, std::size_t i);

// Every point of a path sampled once in every slot; curves of any part of it are then cheap.
class PathSamples {
 public:
    // `sign` -1 for decoys.
    PathSamples(const History& history, const Sac& sac, const std::vector<Point>& path,
                const StripWidths& strips, int sign, Zone zone = Zone::beside,
                double mm_per_px = 1.0);

    // Points [first, last).
    [[nodiscard]] PathCurve curve(std::size_t first, std::size_t last) const;
    // Mean over slots [from, to) less mean over slots [0, base), outliers clipped, of points
    // [first, last); 0 when not measured.
    [[nodiscard]] double height(std::size_t first, std::size_t last, int from, int to,
                                int base) const;

 private:
    void sample_beside(const History& history, const Sac& sac, const std::vector<Point>& path,
                       const StripWidths& strips, int sign);
    void sample_canal(const History& history, const Sac& sac, const std::vector<Point>& path,
                      const StripWidths& strips, int sign, double mm_per_px);

    std::size_t points_{0};
    int slots_{0};
    std::vector<double> weights_;
    std::vector<SlotFrames> frames_;
    std::vector<float> value_;      // points x slots
    std::vector<double> variance_;  // per point, one frame; negative where not measured
};

// Mean profile across the path of an image (mean of slots [from, size)); index 0 is -reach.
[[nodiscard]] std::vector<double> profile_across(const History& history,
                                                 const std::vector<Point>& path, int from,
                                                 int baseline_to, int reach_px);

// Full width at half maximum in px of a profile about its middle, less the blur of the grid;
// 0 when the profile has no peak there.
[[nodiscard]] double width_of(const std::vector<double>& profile);

}  // namespace dsm
