// What a method under trial decided: which mask each pixel is taken from, and how it is moved.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/motion/displacement.h"

namespace dsm::evaluation {

// Log intensities of one extent; masks in order of time, the last is the nearest in time.
struct MatchInput {
    std::vector<ImageView<const float>> masks;
    ImageView<const float> live;
};

struct Match {
    std::size_t mask{0};                // of every pixel,
    Image<std::uint8_t> mask_of;        // unless this says otherwise, pixel by pixel
    std::optional<Displacement> field;  // from the frame to the mask; nothing: no displacement
    std::string note;                   // why less was done than asked for; empty if not
};

// A method that explains the live frame by masks. Errors: of programs it runs.
struct Peer {
    std::string name;
    bool needs_library{false};  // says nothing new where there is one mask
    int every{1};               // tried on every so manieth scene only, because it is slow
    std::function<Result<Match>(const MatchInput&)> match;
};

// Every method but ours, in the order the tables have them; the first is `none`. `threads` is for
// programs that are run beside this process. Where elastix is not installed it is left out.
[[nodiscard]] std::vector<Peer> all_peers(int threads);
// Name of the peer that times are compared with.
inline constexpr const char* kYardstick = "DIS medium";
inline constexpr const char* kElastix = "elastix B-spline";

// The mask as the match has it, resampled as ours are (dsp/motion/warp.h).
[[nodiscard]] Image<float> registered(const Match& match,
                                      const std::vector<ImageView<const float>>& masks);
// What to subtract from `mask_registered` so that its background equals that of `live`: found as in
// the chain, on means over 8 x 8 px (dsp/subtraction/exposure.h).
[[nodiscard]] float background_offset(ImageView<const float> mask_registered,
                                      ImageView<const float> live);

}  // namespace dsm::evaluation
