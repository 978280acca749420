// A displacement field from frame to mask: mask_registered(x, y) = mask(x + dx, y + dy).
//
// Control points lie on a square grid, the first at pixel (0, 0); between them the displacement
// is bilinear, beyond the last it is constant.
#pragma once

#include <span>

#include "dsp/core/image.h"
#include "dsp/core/units.h"

namespace dsm {

inline constexpr int kNodeSpacing_px = 16;

struct Displacement {
    int spacing_px{kNodeSpacing_px};  // between control points
    Image<float> dx_px, dy_px;

    Displacement() = default;
    // Zero everywhere; enough control points to span `extent`.
    explicit Displacement(Extent extent, int spacing = kNodeSpacing_px);
    [[nodiscard]] Displacement clone() const;
    // The same as `other`; keeps its memory where the grids are alike.
    void assign(const Displacement& other);

    [[nodiscard]] Extent nodes() const { return dx_px.extent(); }
    [[nodiscard]] bool is_zero() const;
    [[nodiscard]] bool is_uniform() const;
    [[nodiscard]] Point at(Point position_px) const;
    // Displacements along pixel row `y`, one per column; any row, inside the picture or not.
    void along_row(int y, std::span<float> dx, std::span<float> dy) const;
    // The same field on control points `spacing` apart that span `extent`.
    [[nodiscard]] Displacement resampled(Extent extent, int spacing) const;
    // Into `to`, which keeps its memory where it has that many; not into itself.
    void resample(Extent extent, int spacing, Displacement& to) const;
    void add(Point shift_px);

    [[nodiscard]] Point mean_px() const;
    [[nodiscard]] double max_px() const;
};

}  // namespace dsm
