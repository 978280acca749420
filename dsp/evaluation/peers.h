// Methods of others, each from log intensities of masks and live frame to a match.
#pragma once

#include "dsp/evaluation/match.h"

namespace dsm::evaluation {

// The last mask as it lies.
[[nodiscard]] Match match_none(const MatchInput& input);

// One displacement for the whole picture, against the last mask.
// Pixel shift of commercial viewers: the whole-pixel shift of up to 16 px each way with the least
// mean absolute difference over the middle of the picture.
[[nodiscard]] Match match_pixel_shift(const MatchInput& input);
// cv::phaseCorrelate with a Hann window, on copies: OpenCV 4.6 overwrites its inputs with it.
[[nodiscard]] Match match_phase_correlation(const MatchInput& input);
// cv::findTransformECC (Evangelidis and Psarakis, PAMI 30:1858, 2008), 60 iterations to 1e-5.
// Where it does not converge nothing is moved, and the note says so.
[[nodiscard]] Match match_ecc_translation(const MatchInput& input);
[[nodiscard]] Match match_ecc_affine(const MatchInput& input);

// Dense optical flow against the last mask: DIS on 8-bit pictures as OpenCV wants them, Farneback
// on finer ones.
[[nodiscard]] Match match_dis_fast(const MatchInput& input);  // Kroeger et al., ECCV 2016
[[nodiscard]] Match match_dis_medium(const MatchInput& input);
[[nodiscard]] Match match_farneback(const MatchInput& input);  // window 41

// Choice among the masks, nothing moved: patch by patch (after PatchDSA, 2025), 48 px patches
// every 16 px, least bounded difference after removal of the patch's mean.
[[nodiscard]] Match match_patchwise(const MatchInput& input);
// The mask nearest in breathing phase, then DIS medium.
[[nodiscard]] Match match_nearest_phase(const MatchInput& input);

// The elastix program (Klein et al., TMI 29:196, 2010): B-splines every 32 px, 4 resolutions,
// normalised correlation, in a temporary folder. Its time includes files and start-up.
[[nodiscard]] bool elastix_installed();
[[nodiscard]] Result<Match> match_elastix(const MatchInput& input, int threads);

}  // namespace dsm::evaluation
