// The range most of a picture's values lie in, for a first window.
#pragma once

#include <cstdint>
#include <optional>

#include "dsp/core/image.h"
#include "dsp/core/units.h"

namespace dsm {

struct ValueRange {
    double low{};
    double high{};
    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

// The values below which the parts `low` and `high` (0..1) of the pixels lie, inside `within` (the
// whole picture without it). Every fourth pixel of every fourth row is looked at; NaN is left out.
// Nothing when no pixel is left. Thread-safe.
[[nodiscard]] std::optional<ValueRange> robust_range(ImageView<const std::uint16_t> picture,
                                                     const std::optional<PixelRect>& within,
                                                     double low, double high);
[[nodiscard]] std::optional<ValueRange> robust_range(ImageView<const float> picture,
                                                     const std::optional<PixelRect>& within,
                                                     double low, double high);

}  // namespace dsm
