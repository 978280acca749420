// What a reader would try first instead of ours: simple maps whose brightest places are called
// leaks, tried on the very frames that ours was given.
//
//   peak opacity          the largest registered opacity of each place, three frames' mean
//   Frangi                the largest line measure of any registered frame
//   Frangi, unregistered  the same where the mean of the frames before contrast is subtracted as
//                         it is
//   temporal variance     variance over the run of the unregistered log intensity, over that of the
//                         quanta (digital variance angiography; Szigeti et al., Invest Radiol 2018)
//
// Line measure: Frangi et al., MICCAI 1998, bright lines of 1-3 mm in two dimensions,
//   exp(-R^2 / (2 * 0.5^2)) (1 - exp(-S^2 / (2 c^2))),  R the ratio of the second derivatives' two
// eigenvalues, S their norm. c is five times the median of S, not half its largest: the sac would
// set the largest, and faint lines would differ from run to run.
//
// Every map is given the whole run, and is spared the sac: places within 4 mm of the largest piece
// of what opacifies more than a third as much as the sac does count for none of them.
#pragma once

#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "dsp/core/units.h"
#include "dsp/opacification/work_grid.h"
#include "dsp/pipeline/process.h"

namespace dsm::evaluation {

// The frames of a run on the grid that lines are looked for in, kept as they come. About 2 MB a
// frame. Not thread-safe.
class KeptRun {
 public:
    explicit KeptRun(const RunInfo& run) : grid_(run), usable_(grid_.extent(), 1) {}

    void keep(const FrameOutput& frame);

    [[nodiscard]] const WorkGrid& grid() const { return grid_; }
    // As many as were kept. Registered opacity: empty where nothing was subtracted.
    [[nodiscard]] const std::vector<Image<float>>& opacity() const { return opacity_; }
    [[nodiscard]] const std::vector<Image<float>>& log_intensity() const { return log_intensity_; }
    [[nodiscard]] ImageView<const std::uint8_t> usable() const { return usable_.view(); }

 private:
    WorkGrid grid_;
    WorkFrame work_;
    std::vector<Image<float>> opacity_, log_intensity_;
    Image<std::uint8_t> usable_;  // in every frame
};

// A place that a map calls a leak.
struct Spot {
    Point at_px{};  // of the picture
    double score{0.0};
};

struct FindingPeer {
    std::string name;
    // The map, on the grid of `run`. `first_contrast` frames were seen before contrast; 1 at least.
    Image<float> (*map)(const KeptRun& run, FrameIndex first_contrast);
    double scale;  // about what a faint leak has in it
};
[[nodiscard]] const std::vector<FindingPeer>& finding_peers();

// The largest values of `map`, the largest first, none within 8 mm of a larger one, kMostSpots at
// most; none where the sac is, near the border of what was exposed, or where it is not positive.
inline constexpr std::size_t kMostSpots = 40;
[[nodiscard]] std::vector<Spot> spots_of(const Image<float>& map, const KeptRun& run);

}  // namespace dsm::evaluation
