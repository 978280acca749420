// What registration leaves beside the spine, where fistulas drain: within 12 to 40 mm of the sac's
// axis on both sides, along its length. A rib edge that slips by 0.1 mm there looks like a vein.
//
// Two figures a frame, both from negative opacity, which no contrast can cause:
//   artefact ratio = sqrt(sum o^2 / sum sigma^2) over pixels, as for the whole picture;
//   residual in mm = sqrt(excess / g), excess = mean of o_b^2 - c v_b over bins b of 4 x 4 px,
//                    g = mean of |gradient of the registered mask|^2 over bins,
// since a structure that has slipped by d along its gradient leaves d |gradient|. v_b is the
// variance of a bin by the noise model if pixels were independent; c is what blur and a noise model
// that is off make of it, from the quietest cells of the same frame: the lower quartile over cells
// of 16 bins of their sample variance over v_b, over 0.736, that of a chi-square of 15 over 15.
// Excess below nothing is 0 mm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "dsp/core/thinned_series.h"
#include "dsp/core/units.h"

namespace dsm {

inline constexpr double kCorridorInner_mm = 12.0;
inline constexpr double kCorridorOuter_mm = 40.0;
inline constexpr double kCorridorTarget_mm = 0.1;

struct CorridorResidual {
    FrameIndex frame{0};
    double artefact_ratio{0.0};
    double residual_mm{0.0};
};

// Of one run; medians and 95th percentiles over the subtracted frames that are kept.
struct CorridorReport {
    std::vector<CorridorResidual> frames;
    std::optional<double> median_mm, high_mm;  // high: 95th percentile
    std::optional<double> median_artefact_ratio;
    std::string why;  // why it was not measured; empty where it was
};

// Sums of one cell of 16 x 16 px.
struct CorridorCell {
    float square{0.0F}, variance{0.0F};          // pixels with negative opacity
    float bin_square{0.0F}, bin_variance{0.0F};  // bins with negative opacity, per bin
    float gradient{0.0F};                        // |gradient|^2 per bin, px^-2
    std::uint8_t negative{0}, bins{0};           // no more than 16
};
// Of a frame: cells, and the sample variance of each cell's bins over v_b, 0 where they are not all
// usable. Both have the extent of corridor_cells().
struct CorridorCells {
    Image<CorridorCell> cells;
    Image<float> spreads;
};
[[nodiscard]] Extent corridor_cells(Extent picture);

struct CorridorFrame {
    FrameIndex frame{0};
    ImageView<const float> mask_registered;  // log intensity
    ImageView<const float> opacity;
    ImageView<const float> sigma;  // of opacity
    ImageView<const std::uint8_t> usable;
    const CorridorCells* cells{nullptr};  // where they were summed elsewhere: instead of pictures
};

// Sums are kept per cell of 16 x 16 px and frame, because the axis is known only once contrast has
// come: 0.1 MB for a frame of 1024 x 1024. Of a run whose sums would take more than kMostBytes (660
// frames of that size) every second frame is measured, of one twice as long every fourth, and so
// on, kFewestFrames at least. Not thread-safe; works on all cores.
class CorridorMonitor {
 public:
    static constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
    static constexpr std::size_t kFewestFrames = 128;
    static constexpr std::size_t kMostFrames = 1024;

    explicit CorridorMonitor(const std::optional<PixelSpacing>& spacing) : spacing_(spacing) {}

    // Views are used during the call only. All have one extent, that of the first.
    void follow(const CorridorFrame& frame);
    // `axis_px`: the sac's centre line or the spine's, head to foot.
    [[nodiscard]] CorridorReport report(const std::vector<Point>& axis_px) const;
    [[nodiscard]] std::size_t kept_frames() const { return frames_ ? frames_->items().size() : 0; }

 private:
    using Cell = CorridorCell;
    struct Frame {
        FrameIndex frame{0};
        float correlation{1.0F};  // c
        Image<Cell> cells;
    };
    // Rows `first` to `last` - 1 of cells.
    static void find_cells(const CorridorFrame& frame, int first, int last, ImageView<Cell> cells,
                           ImageView<float> spreads);
    [[nodiscard]] Frame measure(const CorridorFrame& frame);
    [[nodiscard]] std::vector<std::size_t> cells_beside(const std::vector<Point>& axis_px) const;

    std::optional<PixelSpacing> spacing_;
    std::optional<ThinnedSeries<Frame>> frames_;  // from the first frame on
    Image<float> spreads_;                        // of the frame measured last
};

}  // namespace dsm
