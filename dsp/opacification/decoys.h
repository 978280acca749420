// What the run's own dark lines say about its bright ones.
//
// Lines over the sac have decoys of their own (canal.h): what makes them is another thing.
//
// Decoys are dark lines that passed the same search and the same measurement with signs exchanged.
// Contrast cannot make them; motion and noise make bright and dark alike. The number of decoys at
// least as convincing as a candidate therefore estimates how many of the candidates that convincing
// are false (target-decoy estimate of the false discovery rate; Elias and Gygi, Nat Methods
// 2007;4:207). Beyond the best decoys the count is continued by an exponential tail. With E false
// ones expected beside it, confidence may not exceed 1 / (1 + E).
#pragma once

#include <vector>

namespace dsm {

// `decoys`: their log odds, largest first. The confidence that log odds of `odds` are worth.
[[nodiscard]] double confidence_beside(const std::vector<double>& decoys, double odds);

}  // namespace dsm
