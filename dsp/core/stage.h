// What a pipeline stage tells others about itself: one description, read by the schedulers, the
// timing tables, `--help`, the CPU and the GPU version and the parity test between them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace dsm {

struct Parity {
    float absolute{0.0F};  // largest difference allowed between two versions of the stage
    float relative{0.0F};
};

struct StageInfo {
    std::string_view name;
    std::string_view purpose;  // one line, for --help and the timing table
    std::array<std::string_view, 4> inputs{};
    std::array<std::string_view, 4> outputs{};
    int halo_px{0};             // neighbourhood read around each pixel
    int history_frames{0};      // earlier frames it needs beside its own state
    std::string_view shader{};  // path below shaders/, empty while there is none
    Parity parity{};
};

enum class Backend : std::uint8_t { automatic, cpu, gpu };
[[nodiscard]] constexpr std::string_view to_string(Backend backend) {
    switch (backend) {
        case Backend::cpu:
            return "cpu";
        case Backend::gpu:
            return "gpu";
        case Backend::automatic:
            break;
    }
    return "auto";
}

}  // namespace dsm
