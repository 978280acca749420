// What writing and reading a presentation state share. Internal to this room.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "dsp/core/findings.h"

namespace dsm {

// Graphic Layer (0070,0002), CS.
inline constexpr const char* kLevelLayer = "DSM LEVELS";
inline constexpr const char* kComputedLevelLayer = "DSM INTERPOLATED";
inline constexpr const char* kMarkLayer = "DSM MARKS";
inline constexpr const char* kVerdictLayer = "DSM VERDICTS";
inline constexpr const char* kFindingLayer = "DSM FINDINGS";

// Between what the reader wrote at a measurement and its value, which holds no such sign itself:
// what follows the last one is taken off on the way back.
inline constexpr const char* kMeasuredAfter = ": ";

// The exact record names no run: the state refers to it, and an archive may give it another UID.
inline constexpr const char* kRecordedRun = "run";

// Levels are checked as they are set, and the outermost give the spine its direction: marks that
// agree with each other do so at every step only in this order.
[[nodiscard]] inline std::vector<LevelMark> outermost_first(std::vector<LevelMark> levels) {
    if (levels.size() > 2) {
        std::rotate(levels.begin() + 1, levels.end() - 1, levels.end());
    }
    return levels;
}

}  // namespace dsm
