// The parts of the truth that follow from shapes: masks, levels, what each structure came to.
#pragma once

#include <vector>

#include "dsp/phantom/contrast.h"
#include "dsp/phantom/layers.h"
#include "dsp/phantom/render.h"

namespace dsm::phantom {

// Whether any of the structure's course lies in the picture.
[[nodiscard]] bool path_in_view(const Structure& structure, const Grid& grid);
[[nodiscard]] std::vector<LevelMark> levels_in_view(const Spine& spine, const Grid& grid);
// `primary_share`: primary over primary and scatter, by which scatter lessens small opacities.
[[nodiscard]] std::vector<TrueStructure> true_structures(const Contrast& contrast,
                                                         const Recipe& recipe, const Grid& grid,
                                                         const std::vector<double>& time_s,
                                                         ImageView<const float> primary_share);
[[nodiscard]] std::vector<TrueStructure> true_bubbles(const Recipe& recipe, const Spine& spine,
                                                      const Grid& grid);
[[nodiscard]] Image<std::uint8_t> sac_mask(const Contrast& contrast, const Grid& grid);
// Farther than 3 mm from the sac, from any opacity above 0.001 and from the picture's edge.
[[nodiscard]] Image<std::uint8_t> free_mask(ImageView<const float> peak_opacity,
                                            ImageView<const std::uint8_t> sac, const Grid& grid);

}  // namespace dsm::phantom
