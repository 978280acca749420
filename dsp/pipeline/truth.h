// truth.json, schema "dsm-truth/1" of contract.md: what is known to be in a synthetic run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/core/units.h"

namespace dsm {

struct TrueStructure {
    std::string kind;   // a LeakKind's word, or a mimic's such as "bowel_gas"
    std::string level;  // empty: none
    std::string side;
    std::vector<Point> path_px;
    double width_mm{0.0};
    FrameIndex onset_frame{0};
    double peak_opacity{0.0};  // 0: not said
};

struct Truth {
    std::filesystem::path folder;
    bool held_out{false};       // never to be fitted on
    double noise_opacity{0.0};  // of a pixel of one frame; 0: not said
    std::vector<double> frame_time_s;
    FrameIndex first_contrast_frame{0};
    double pixel_mm{0.0};
    std::vector<TrueStructure> structures;
    // Files beside truth.json; empty where the run has none.
    std::filesystem::path sac_mask, contrast_free_mask, opacity;
};

// `kind` counts as a leak: a fistula or an extravasation.
[[nodiscard]] bool is_leak_word(const std::string& kind);

// Errors: absent, not dsm-truth/1, a field that is not what it should be (named).
[[nodiscard]] Result<Truth> read_truth(const std::filesystem::path& file);

}  // namespace dsm
