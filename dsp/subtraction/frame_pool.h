// Frames whose memory is used again once nobody holds them: a run of any length then needs as many
// as are held at one time, and none is allocated after the first.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "dsp/subtraction/mask_bank.h"

namespace dsm {

// Not thread-safe, and what it gave out must be let go of on the same thread.
class FramePool {
 public:
    // A frame nobody else holds; what it contains is left from its last use.
    [[nodiscard]] std::shared_ptr<PreparedFrame> take() {
        const auto free = std::find_if(frames_.begin(), frames_.end(),
                                       [](const auto& frame) { return frame.use_count() == 1; });
        if (free != frames_.end()) {
            return *free;
        }
        return frames_.emplace_back(std::make_shared<PreparedFrame>());
    }

 private:
    std::vector<std::shared_ptr<PreparedFrame>> frames_;
};

}  // namespace dsm
