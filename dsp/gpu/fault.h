// A failure of the driver on purpose, so that what follows one can be tested anywhere:
// DSM_GPU_FAULT=STAGE:USE makes the USE-th use (from 1) of a stage fail, as the driver reports it.
#pragma once

#include <string>
#include <string_view>

#include "dsp/core/result.h"

namespace dsm::gpu {

class FaultPlan {
 public:
    // Errors: DSM_GPU_FAULT is set and can not be read.
    [[nodiscard]] static Result<FaultPlan> from_environment();
    // Where the use is the one meant, gives the driver a command that it has to refuse.
    void use(std::string_view stage);

 private:
    std::string stage_;
    int uses_left_{0};
};

}  // namespace dsm::gpu
