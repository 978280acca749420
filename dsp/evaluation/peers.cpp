#include "dsp/evaluation/peers.h"

#include <opencv2/core.hpp>

namespace dsm::evaluation {
namespace {

// OpenCV throws; nothing may cross the door of this room.
std::function<Result<Match>(const MatchInput&)> guarded(const std::string& name,
                                                        Match (*method)(const MatchInput&)) {
    return [name, method](const MatchInput& input) -> Result<Match> {
        try {
            return method(input);
        } catch (const cv::Exception& error) {
            return fail(ErrorKind::internal, name, error.err, "please report it");
        }
    };
}

}  // namespace

Match match_none(const MatchInput& input) {
    Match match;
    match.mask = input.masks.size() - 1;
    return match;
}

std::vector<Peer> all_peers(int threads) {
    std::vector<Peer> peers;
    const auto add = [&](const char* name, bool needs_library, Match (*method)(const MatchInput&)) {
        peers.push_back({name, needs_library, 1, guarded(name, method)});
    };
    add("none", false, match_none);
    add("pixel shift", false, match_pixel_shift);
    add("phase correlation", false, match_phase_correlation);
    add("ECC translation", false, match_ecc_translation);
    add("ECC affine", false, match_ecc_affine);
    add("DIS fast", false, match_dis_fast);
    add(kYardstick, false, match_dis_medium);
    add("Farneback 41", false, match_farneback);
    add("patch-wise mask", true, match_patchwise);
    add("phase + DIS medium", true, match_nearest_phase);
    if (elastix_installed()) {
        constexpr int kEvery = 3;
        peers.push_back({kElastix, false, kEvery, [threads](const MatchInput& input) {
                             return match_elastix(input, threads);
                         }});
    }
    return peers;
}

}  // namespace dsm::evaluation
