// How long each part of a frame's work took: what `dsm bench` tabulates.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace dsm {

enum class FramePart : std::size_t {
    linearise,
    registration,
    masks,
    subtraction,
    memory,
    findings
};
inline constexpr std::size_t kFrameParts = 6;
inline constexpr std::array<std::string_view, kFrameParts> kFramePartNames{
    "linearise",     // stored values to log intensity, pyramid, noise, drift
    "registration",  // masks to frame
    "masks",         // weighing and mixing them
    "subtraction",   // opacity, its noise, the artefact ratio
    "memory",        // contrast remembered; the bank and late masks
    "findings"};     // opacification followed, highlights, corridor

// In charts, red, green, blue from 0 to 1; told apart by lightness too.
inline constexpr std::array<std::array<float, 3>, kFrameParts> kFramePartColours{
    {{0.42F, 0.45F, 0.52F},
     {0.30F, 0.56F, 0.86F},
     {0.52F, 0.76F, 0.92F},
     {0.33F, 0.62F, 0.45F},
     {0.72F, 0.84F, 0.45F},
     {0.86F, 0.66F, 0.36F}}};

using FramePartTimes_ms = std::array<double, kFrameParts>;

// Adds the time it lives to one part.
class PartTimer {
 public:
    PartTimer(FramePartTimes_ms& times, FramePart part)
        : to_(&times[static_cast<std::size_t>(part)]), start_(Clock::now()) {}
    ~PartTimer() {
        *to_ += std::chrono::duration<double, std::milli>(Clock::now() - start_).count();
    }
    PartTimer(const PartTimer&) = delete;
    PartTimer& operator=(const PartTimer&) = delete;
    PartTimer(PartTimer&&) = delete;
    PartTimer& operator=(PartTimer&&) = delete;

 private:
    using Clock = std::chrono::steady_clock;
    double* to_;
    Clock::time_point start_;
};

}  // namespace dsm
