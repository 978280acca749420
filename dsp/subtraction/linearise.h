// Stored value to log intensity: the natural logarithm of a number proportional to the X-ray
// exposure of the pixel. One table per run, one look-up per pixel.
//
//   LIN            ln(max(v, 1/2)); v counted from the dark end (Sign -1: full scale - v)
//   LOG with LUT   ln(to_linear[v]), PS3.3 C.8.7.1.1.2 and C.11.1
//   LOG, type OD   -ln(10) v / 1000 (the value is thousandths of optical density, C.11.1.1.2)
//   LOG without    v ln(2^bits) / (2^bits - 1): full scale taken as 2^bits of exposure. Opacity is
//                  then known up to one factor only (`relative`).
//   DISP, unknown  with a LUT as LOG; without one as if LOG, relative; whoever read the header
//   warns.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "dsp/core/stage.h"

namespace dsm {

inline constexpr StageInfo kLineariseStage{.name = "linearise",
                                           .purpose = "stored values to log intensity",
                                           .inputs = {"words"},
                                           .outputs = {"log_intensity"},
                                           .shader = "stages/linearise.comp",
                                           .parity = {.absolute = 5e-6F}};

class Lineariser {
 public:
    explicit Lineariser(const RunInfo& run);

    // Opacity is known up to one factor, "opacity_scale": "relative".
    [[nodiscard]] bool relative() const { return relative_; }
    [[nodiscard]] float log_intensity(std::uint16_t word) const { return table_[word]; }
    // False at both ends of the scale: clipped, hence no measurement.
    [[nodiscard]] bool measured(std::uint16_t word) const {
        return word > lowest_ && word < highest_;
    }

    // Log intensity by word, for all 65536.
    [[nodiscard]] std::span<const float> table() const { return table_; }
    // Words between them, both excluded, are measurements.
    [[nodiscard]] std::uint16_t lowest() const { return lowest_; }
    [[nodiscard]] std::uint16_t highest() const { return highest_; }

    // The end of the scale that `word` is nearer to: no measurement, and no edge beside clipped
    // ones.
    [[nodiscard]] std::uint16_t clipped_like(std::uint16_t word) const {
        return 2 * word > lowest_ + highest_ ? highest_ : lowest_;
    }

    // Both images have the extent of `words`. `usable` gets 1 where the word is a measurement.
    // Thread-safe; runs on all cores.
    void apply(ImageView<const std::uint16_t> words, ImageView<float> log_intensity,
               ImageView<std::uint8_t> usable) const;

 private:
    void fill_table(const RunInfo& run);

    std::vector<float> table_;
    std::uint16_t lowest_{0};
    std::uint16_t highest_{65535};
    bool relative_{false};
};

}  // namespace dsm
