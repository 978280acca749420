// One mask out of several registered ones, place by place.
//
// The weights, which sum to one, are those that leave the least variance of residue:
//     minimise w' C w, sum w = 1,   C_ij = mean of r_i r_j around the place + doubt_ij,
// r_i = mask i - live on structures of 8 to 64 px, contrast that is known taken off (the portfolio
// of least variance, Markowitz 1952; as PatchDSA 2025 chooses, but mixes: two masks on either side
// of the live frame's phase have residue of opposite signs, and cancel). Weights may be negative.
//
// True contrast can not be fitted away by masks that hold none: it adds the same to every r_i,
// hence the same number to every C_ij, and with sum w = 1 that changes no weight. Masks whose
// contrast has been put back may have lost some of it. Their common doubt, in variance: a part of
// the noise, as much as a vein of 2 mm that nobody knows of would hold (opacity of twice the noise
// of a pixel on a fifth of the place), and of the contrast that is there; it is paid once for their
// weights together, so they are used where they explain the background better by more than that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/core/stage.h"

namespace dsm {

inline constexpr StageInfo kMaskWeightsStage{
    .name = "mask_weights",
    .purpose = "mix of masks that explains each place best",
    .inputs = {"masks_registered", "log_intensity"},
    .outputs = {"weights"},
    .halo_px = 64,
    .parity = {.absolute = 1e-4F}};

inline constexpr int kWeightBlock_px = 8;  // of full resolution
inline constexpr std::size_t kMostMasks = 8;

// All pictures at a quarter of the resolution (pixels of 4 px) and of one extent.
struct WeighInput {
    std::vector<ImageView<const float>> masks;   // registered, log intensity; 1 to kMostMasks
    std::vector<ImageView<const float>> usable;  // of each, with the live frame: 1 or 0
    std::size_t certain{0};                      // the first so many hold no contrast
    // Weights below 0 become 0: where some masks may hold contrast unknown to anyone, one mask less
    // another would predict its growth.
    bool convex{false};
    // The first so many masks, and the live frame, are those of the call before.
    std::size_t unchanged{0};
    ImageView<const float> live;
    ImageView<const float> contrast;  // known to be in the live frame; may be empty
    const NoiseModel* noise{nullptr};
    float unknown_noise{0.01F};  // of log intensity, where the model is unknown
};

// Means over blocks of kWeightBlock_px of a quarter-resolution picture: over 2 x 2 of its pixels,
// fewer at an odd border.
void quarter_blocks(ImageView<const float> quarter, Image<float>& blocks);

// Not thread-safe (it keeps its working memory); runs on all cores.
class MaskWeights {
 public:
    // One map per mask, and perhaps more of earlier calls; by blocks of kWeightBlock_px (two
    // quarter-resolution pixels), see block_maps.h. Weights below 3 % are 0.
    const std::vector<Image<float>>& weigh(const WeighInput& input);
    // For maps that are made elsewhere: finds usable() and the memory for maps() alone.
    [[nodiscard]] std::vector<Image<float>>& begin(const WeighInput& input);
    [[nodiscard]] const std::vector<Image<float>>& maps() const { return maps_; }
    // Share of usable pixels, one map per mask.
    [[nodiscard]] const std::vector<Image<float>>& usable() const { return usable_; }

 private:
    void find_common(const WeighInput& input);
    void find_detail(const WeighInput& input, std::size_t i);
    void find_details(const WeighInput& input);
    void find_products(std::size_t i, std::size_t j, Image<float>& products);
    void find_moments(std::size_t count);
    void find_doubt(const WeighInput& input);
    void solve(std::size_t count, const WeighInput& input);

    std::vector<Image<float>> details_, means_, products_, moments_, usable_, maps_;
    Image<float> common_, common_share_, trust_, trust_blocks_, share_, ridge_, doubt_;
    Image<float> squares_, square_blocks_, mean_;
};

}  // namespace dsm
