#include "dsp/gpu/fault.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "dsp/gpu/gl.h"

namespace dsm::gpu {

Result<FaultPlan> FaultPlan::from_environment() {
    FaultPlan plan;
    const char* set = std::getenv("DSM_GPU_FAULT");
    if (set == nullptr) {
        return plan;
    }
    const std::string_view words(set);
    const auto colon = words.find(':');
    const auto number = words.substr(colon == std::string_view::npos ? words.size() : colon + 1);
    plan.stage_ = words.substr(0, colon);
    const auto read =
        std::from_chars(number.data(), number.data() + number.size(), plan.uses_left_);
    constexpr std::array<std::string_view, 10> kStages{
        "linearise",  "registration", "mask_weights", "mix_half",     "mix_subtract",
        "frame_sums", "mask_bins",    "pictures",     "running_maps", "lines"};
    const bool known = std::find(kStages.begin(), kStages.end(), plan.stage_) != kStages.end();
    if (!known || read.ec != std::errc{} || read.ptr != number.data() + number.size() ||
        plan.uses_left_ < 1) {
        return fail(
            ErrorKind::invalid_input, "DSM_GPU_FAULT",
            "'" + std::string(words) + "' is no stage and use",
            "give STAGE:N, N from 1; stages are linearise, registration, mask_weights, mix_half, "
            "mix_subtract, frame_sums, mask_bins, pictures, running_maps and lines");
    }
    return plan;
}

void FaultPlan::use(std::string_view stage) {
    if (uses_left_ < 1 || stage != stage_) {
        return;
    }
    if (--uses_left_ == 0) {
        glUseProgram(0);
        glDispatchCompute(1, 1, 1);
    }
}

}  // namespace dsm::gpu
