// What may be said of a run as a whole. Never that there is no fistula: digital subtraction
// myelography misses many that CT shows (clinical reference, section 6), so a negative run says
// that none was seen, in which levels, and what was not cleared.
#pragma once

#include <span>
#include <string>

#include "dsp/core/findings.h"

namespace dsm {

struct ConclusionInput {
    std::span<const Highlight> highlights;
    std::span<const LevelCoverage> coverage;
    bool contrast_seen{false};
};

// positive: a leak with confidence of a half or more; indeterminate: a weaker one, or nothing seen
// but some levels not cleared, or levels not marked; negative: nothing seen and all marked levels
// cleared; inadequate: no contrast, or no level cleared.
[[nodiscard]] Conclusion conclude(const ConclusionInput& input);

// "T7-T9, T11" from labels in order down the spine.
[[nodiscard]] std::string level_list(std::span<const std::string> labels,
                                     std::span<const std::string> all);

}  // namespace dsm
