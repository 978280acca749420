// Coverage as a spine: one row per level from C1 to S1, with what is known of its two sides.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dsp/core/findings.h"

namespace dsm::viewer {

struct CoverageRow {
    std::string first;  // "T7"
    std::string last;   // the same, but where levels without coverage follow each other
    // Into the rows given; null where nothing is known of that side.
    const LevelCoverage* right{nullptr};
    const LevelCoverage* left{nullptr};
    const LevelCoverage* undetermined{nullptr};  // of a run whose header is silent about sides
    [[nodiscard]] bool known() const {
        return right != nullptr || left != nullptr || undetermined != nullptr;
    }
};

// Head to foot. Levels without coverage are gathered: "C1" to "T5". The pointers last as long as
// `coverage` does.
[[nodiscard]] std::vector<CoverageRow> coverage_rows(std::span<const LevelCoverage> coverage);

// The cleared levels of one side: "T6-T8, T12"; empty for none.
[[nodiscard]] std::string cleared_text(std::span<const LevelCoverage> coverage, Side side);

}  // namespace dsm::viewer
