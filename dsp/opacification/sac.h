// The thecal sac: where the contrast column runs, how wide it is and when it came, level by level.
//
// The sac is the strongest thing that opacifies: a band of 8-25 mm, continuous over several
// vertebrae, brighter than what lies beside it. A band filter (mean over a 8 mm centre less the
// mean of the brighter flank 13-17 mm away) answers to that and not to a moved diaphragm, which is
// a step. The axis is the path down the picture of least cost (dynamic programming over rows), so
// that any curvature is followed.
#pragma once

#include <optional>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/units.h"
#include "dsp/opacification/history.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

// One row of the coarse grid. Coarse pixels throughout.
struct SacRow {
    bool filled{false};
    double center{0.0};
    double half_width{0.0};
    double opacity{0.0};              // now, mean across the inner half
    std::optional<int> arrival_slot;  // first slot of History with a quarter of the row's peak
    double arrival_s{0.0};
    FrameIndex arrival_frame{0};
    std::vector<float> curve;  // opacity per slot, mean across the inner half
};

class Sac {
 public:
    static constexpr double kArrivalFraction = 0.25;

    Sac(const WorkGrid& grid, Extent extent);

    // Looks again with everything in `history`; causal. False while there is no sac to be seen.
    bool follow(const History& history);

    [[nodiscard]] bool found() const { return found_; }
    [[nodiscard]] int first_row() const { return first_row_; }
    [[nodiscard]] int last_row() const { return last_row_; }  // inclusive
    [[nodiscard]] const SacRow& row(int y) const { return rows_[static_cast<std::size_t>(y)]; }
    // The filled row nearest to y.
    [[nodiscard]] int nearest_filled(int y) const;
    // Distance in coarse px from the border of the sac, positive outside; rows above and below the
    // filled part continue its ends.
    [[nodiscard]] double outside(Point coarse) const;
    // Which side of the axis: -1 towards smaller x, +1 towards larger x.
    [[nodiscard]] int side_of(Point coarse) const;
    [[nodiscard]] double typical_opacity() const { return typical_opacity_; }
    [[nodiscard]] std::vector<Point> axis() const;  // coarse

 private:
    void band_response(const Image<float>& smooth);
    [[nodiscard]] bool trace_axis(float floor);
    void measure_widths(const Image<float>& smooth);
    void measure_curves(const History& history);
    void measure_arrival(const History& history);

    WorkGrid grid_;
    Image<float> band_;
    Image<float> smooth_, narrow_, best_;  // memory to work in
    Image<std::int8_t> came_;
    std::vector<SacRow> rows_;
    std::vector<int> path_;
    bool found_{false};
    int first_row_{0};
    int last_row_{-1};
    double typical_opacity_{0.0};
};

}  // namespace dsm
