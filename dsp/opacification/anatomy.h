// What lies in the picture before contrast: where an edge that slips could look like a line.
//
// A registered mask that is off by s leaves  s dM/dn  where the log intensity M changes across an
// edge (first order of the Taylor series). A line of opacity h on a place whose mask changes by g
// per millimetre across the line is therefore what a slip of h / g millimetres would leave: a tenth
// or two are common, more than one are not.
#pragma once

#include <optional>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/units.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

// Not thread-safe; bins on all cores.
class Anatomy {
 public:
    // The registered mask of a frame (log intensity, full resolution). Most calls cost nothing: the
    // picture is renewed every kRenewed-th time.
    static constexpr int kRenewed = 6;
    void follow(const WorkGrid& grid, ImageView<const float> mask,
                ImageView<const std::uint8_t> usable);
    // The same of a mask that lies elsewhere: `bin` brings it on the coarse grid.
    void follow(const BinElsewhere& bin);

    // Root mean square, over a path on the coarse grid, of the change of the mask across it, per
    // millimetre. Nothing before the first mask, or where the path lies outside the picture.
    [[nodiscard]] std::optional<double> change_across(const std::vector<Point>& path,
                                                      double mm_per_px) const;

 private:
    WorkFrame mask_;
    int calls_{0};
};

}  // namespace dsm
