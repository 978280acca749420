// A traced line with everything measured about it: what the classifier sees.
#pragma once

#include <optional>
#include <vector>

#include "dsp/core/units.h"
#include "dsp/opacification/anatomy.h"
#include "dsp/opacification/history.h"
#include "dsp/opacification/onset.h"
#include "dsp/opacification/path_curve.h"
#include "dsp/opacification/sac.h"
#include "dsp/opacification/trace.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

// A sleeve fills with the sac: 1-3 s for the front to pass and fill it (clinical reference, section
// 4), and one frame more.
inline constexpr double kTogetherS = 3.5;

struct Candidate {
    Trace trace;
    int sign{1};                    // -1: a decoy, a dark line measured with signs exchanged
    std::vector<Point> path;        // coarse; the part that came late, or all of it
    std::vector<Point> early_path;  // proximal part that filled together with the sac, if any
    PathCurve curve;
    Step step;
    bool relative{false};  // opacity is known up to one factor
    Point began{};         // coarse; where it opacified first
    double length_mm{0.0};
    double width_mm{0.0};
    double border_mm{0.0};   // from the sac's border to the proximal end of the whole line
    double reach_mm{0.0};    // farthest distance from the border
    double parallel{0.0};    // share of the line that runs along the sac, 0..1
    double elongation{0.0};  // length over width
    double extent_mm{0.0};   // largest distance between two points of it
    double sac_arrival_s{0.0};
    double delay_s{0.0};      // onset less arrival of contrast in the sac beside it
    double own_time{0.0};     // -1: its curve is the sac's, scaled; +1: a late step of its own
    double of_sac{0.0};       // height over the opacity of the sac beside it
    double continuity{0.0};   // share of its pieces at least a third as strong as the median
    double growth{0.0};       // rank correlation of onset with distance along the line, -1..1
    double side_lobe{0.0};    // darkest of both flanks over the height: residue has both signs
    double disturbance{0.0};  // log2 of the artefact ratio after its onset over that before
    // Of the mask across the line that would leave as much, see anatomy.h; nothing if not known.
    std::optional<double> slip_mm;
    double persistence{0.0};     // lower decile of the curve after the onset, over the height
    double before{0.0};          // upper decile of excursions before the onset, over the height
    double club{0.0};            // log2 of the far half's height over the near half's
    double stem_mm{0.0};         // length of early_path
    double unrest{0.0};          // log2 of its scatter before contrast over noise
    double with_breathing{0.0};  // share of what the step leaves that goes with the displacement
};

struct MeasureParams {
    double seconds_per_slot{0.5};
    bool timing_known{true};
    bool relative_opacity{false};
    const Anatomy* anatomy{nullptr};
};

// Measures `trace` in the whole history; nothing when it cannot be followed at all.
[[nodiscard]] std::optional<Candidate> measure(const Trace& trace, int sign, const History& history,
                                               const Sac& sac, const WorkGrid& grid,
                                               const MeasureParams& params);

}  // namespace dsm
