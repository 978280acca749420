// Mean opacity and its noise in a region of one frame. Pure functions, safe from any thread.
// Opacity is ln(mask_registered / live), dimensionless; sigma is one standard deviation of the
// noise of a pixel, in opacity. Pixels whose centre lies in the shape (or on its edge) count; those
// outside the picture, and those whose opacity is not finite, do not.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/units.h"
#include "dsp/review/review.h"

namespace dsm {

// One row's worth of a region: x from `first` to `last`, both included.
struct PixelSpan {
    int y{0};
    int first{0};
    int last{0};
    friend bool operator==(const PixelSpan&, const PixelSpan&) = default;
};
// A region, made once and used for every frame.
using RegionPixels = std::vector<PixelSpan>;

// Polygons by the even-odd rule. Arrows and text have no pixels.
[[nodiscard]] RegionPixels pixels_of(const Shape&, Extent extent);
// The pixels within `radius_px` of a point: the neighbourhood under the cursor.
[[nodiscard]] RegionPixels pixels_around(Point center_px, double radius_px, Extent extent);
[[nodiscard]] std::size_t pixel_count(const RegionPixels&);

struct RegionOpacity {
    double mean{0.0};
    // Of the mean: sqrt(sum sigma^2) / n, for noise that is independent from pixel to pixel.
    // Blur in the detector correlates neighbours, so this is a lower bound.
    double standard_error{0.0};
    // Standard deviation of the opacity over the region (n - 1); 0 for a single pixel.
    double spread{0.0};
    std::size_t pixels{0};
    friend bool operator==(const RegionOpacity&, const RegionOpacity&) = default;
};
// Nothing where no pixel counts. `sigma` has the extent of `opacity`, or is empty: then the
// standard error is spread / sqrt(n).
[[nodiscard]] std::optional<RegionOpacity> mean_opacity(const RegionPixels&,
                                                        ImageView<const float> opacity,
                                                        ImageView<const float> sigma);

}  // namespace dsm
