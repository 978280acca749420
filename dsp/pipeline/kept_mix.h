// A subtraction on the graphics card, kept as what it was made from: should the card fail before
// what followed from it has come back, the processor makes it again.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/motion/displacement.h"
#include "dsp/pipeline/mask_mixer.h"
#include "dsp/pipeline/pixel_stages.h"

namespace dsm {

// Not thread-safe.
class KeptMix {
 public:
    // `words` is what `work.live` was linearised from. The memory of an earlier use is kept.
    void keep(const MixWork& work, ImageView<const std::uint16_t> words);

    struct Pictures {
        Image<float> opacity, sigma;
        Image<std::uint8_t> usable;
    };
    // By the processor's stages; runs on all cores.
    [[nodiscard]] Pictures make_again(PixelStages& processor) const;

 private:
    struct Part {
        std::shared_ptr<const PreparedFrame> mask;
        Displacement field;
        Image<float> weight;
    };
    Image<std::uint16_t> words_;
    std::vector<Part> parts_;
    std::size_t count_{0};
    Ground ground_;
    float drift_{0.0F};
    NoiseModel noise_;
};

}  // namespace dsm
