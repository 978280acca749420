// The usual chain put together from OpenCV's parts, for `dsm bench --compare`: logarithm, dense
// inverse search flow (medium; Kroeger et al., ECCV 2016) from frame to mask, remap (cubic),
// subtraction, running mean over time.
#pragma once

#include <cstdint>
#include <memory>

#include "dsp/core/image.h"

namespace dsm::evaluation {

// Not thread-safe.
class PeerChain {
 public:
    static constexpr const char* kName = "OpenCV chain (DIS medium)";

    // `bits`: of the stored values. The first frame is the mask.
    explicit PeerChain(int bits);
    ~PeerChain();
    PeerChain(const PeerChain&) = delete;
    PeerChain& operator=(const PeerChain&) = delete;
    PeerChain(PeerChain&&) = delete;
    PeerChain& operator=(PeerChain&&) = delete;

    void process(ImageView<const std::uint16_t> words);

 private:
    struct Work;
    std::unique_ptr<Work> work_;
};

}  // namespace dsm::evaluation
