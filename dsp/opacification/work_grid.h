// The coarser grid on which lines are looked for: square bins of pixels of about half a
// millimetre, rows along the spine. Finer sampling adds cost but no information, since a vein is
// 1-3 mm wide and the focal spot and detector already blur by 0.2-0.4 mm.
#pragma once

#include <cstdint>
#include <functional>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "dsp/core/units.h"

namespace dsm {

// One frame on the coarse grid. `valid` is 0 where fewer than half of the pixels were usable;
// opacity is 0 there.
struct WorkFrame {
    Image<float> opacity;
    Image<float> variance;  // of `opacity`, quanta and read-out, pixels taken as independent
    Image<std::uint8_t> valid;

    // The same as `other`, in the memory there is.
    void assign(const WorkFrame& other);
};

// Fills a frame on the coarse grid from pictures that do not lie in memory.
using BinElsewhere = std::function<void(WorkFrame&)>;

// Where the coarse grid lies on the picture. Coarse coordinates: x across the spine, y along it,
// bin centres at integers. A run whose header says that the head lies left or right is transposed.
class WorkGrid {
 public:
    static constexpr double kTargetMm = 0.48;
    // Width of the field at the spine assumed where the header gives no spacing: 24 cm, a little
    // less than the 28 x 21 cm of a 40 x 30 cm detector at magnification 1.4.
    static constexpr double kNominalFieldMm = 240.0;

    WorkGrid() = default;
    explicit WorkGrid(const RunInfo& run);

    [[nodiscard]] Extent extent() const { return extent_; }
    [[nodiscard]] int factor() const { return factor_; }
    [[nodiscard]] bool transposed() const { return transposed_; }
    [[nodiscard]] bool spacing_known() const { return spacing_known_; }
    // Millimetres at the patient per coarse pixel (of the nominal field if spacing is unknown).
    [[nodiscard]] double mm() const { return pixel_mm_ * factor_; }
    [[nodiscard]] double pixel_mm() const { return pixel_mm_; }
    // Coarse pixels in `millimetres`, at least `least`.
    [[nodiscard]] int px(double millimetres, int least = 1) const;

    [[nodiscard]] Point to_picture(Point coarse) const;
    [[nodiscard]] Point to_coarse(Point picture_px) const;

    // `sigma` and `usable` may be empty (variance 0: unknown; everything usable).
    void bin(ImageView<const float> opacity, ImageView<const float> sigma,
             ImageView<const std::uint8_t> usable, WorkFrame& out) const;

 private:
    Extent full_{};
    Extent extent_{};
    int factor_{1};
    double pixel_mm_{1.0};
    bool transposed_{false};
    bool spacing_known_{false};
};

}  // namespace dsm
