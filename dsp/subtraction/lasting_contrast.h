// The contrast that frames hold, from their subtraction and that of their neighbours in time.
//
// Contrast stays where it is for seconds; residue of breathing changes from frame to frame. Put
// together for each frame are
//   the coarse part (Gaussian of 2.5 px) of the mean over 5 frames around it,
//   steps beyond 0.04 in that mean, as at the edge of the sac, as they are, and
//   finer detail as far as it lasts: the mean over 11 frames of what is finer, weighted by
//   t^4 / (t^4 + 3^4), t its Student ratio over those frames. Detail that is there in all of them,
//   as a vein is, is kept; detail that comes and goes averages out.
#pragma once

#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/stage.h"

namespace dsm {

inline constexpr StageInfo kLastingContrastStage{.name = "lasting_contrast",
                                                 .purpose = "contrast each frame holds",
                                                 .inputs = {"opacity"},
                                                 .outputs = {"contrast"},
                                                 .halo_px = 8,
                                                 .history_frames = 10,
                                                 .parity = {.absolute = 1e-4F}};

// `opacity`: one image per frame in order of time, all of one extent, at half resolution (pixels
// of 2 px). Two-sided: needs the whole run. Thread-safe; runs on all cores.
[[nodiscard]] std::vector<Image<float>> lasting_contrast(
    const std::vector<ImageView<const float>>& opacity);

// That of frame `k` alone, from the frames there are around it.
[[nodiscard]] Image<float> lasting_contrast_of(std::size_t k,
                                               const std::vector<ImageView<const float>>& opacity);

}  // namespace dsm
