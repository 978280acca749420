// Keeps the spine in place. Opacity is measured where the patient is in each frame; when the
// patient shifts, the sac and everything leaving it move in the picture, and a line averaged over
// time would smear or seem to come and go. The contrast column itself tells how far it moved: the
// picture around it is compared with the mean of the frames before. Only levels that filled well
// before count: along an even column the advancing front would pass for a patient who slides.
#pragma once

#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/units.h"
#include "dsp/opacification/sac.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

// Shifts are whole coarse pixels: half a millimetre is a quarter of a vein's width.
struct CoarseShift {
    int x{0};
    int y{0};
    friend bool operator==(const CoarseShift&, const CoarseShift&) = default;
};

class Stabiliser {
 public:
    static constexpr double kReachMm = 9.0;   // largest shift from the first frame
    static constexpr double kSettledS = 4.0;  // after contrast came, a level no longer changes much

    Stabiliser(const WorkGrid& grid, Extent extent);

    // Where `frame` lies against what was seen before: reference(x, y) = frame(x + sx, y + sy).
    // Zero while there is no sac to hold on to. `time_s`: of the frame, on the clock of `sac`.
    [[nodiscard]] CoarseShift estimate(const Image<float>& frame, const Sac& sac, double time_s);
    // Learns from a frame already moved into place.
    void learn(const Image<float>& placed);

    // Moves a frame by whole pixels; what comes from outside is not valid.
    // `spare` is memory to do it in, kept between calls.
    static void place(WorkFrame& frame, CoarseShift shift, WorkFrame& spare);

 private:
    // Rows to compare; empty when fewer than one level has settled.
    [[nodiscard]] std::vector<int> settled_rows(const Sac& sac, double time_s) const;
    [[nodiscard]] double mismatch(const Image<float>& frame, const Sac& sac,
                                  const std::vector<int>& rows, CoarseShift shift,
                                  int row_step) const;

    WorkGrid grid_;
    Image<float> reference_;  // exponential mean of placed frames
    CoarseShift last_;
    bool known_{false};
};

}  // namespace dsm
