// From opacity frames to findings: sac and spine axis, line evidence with onset over time,
// highlights with level and side, coverage per level, and the conclusion that follows.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "dsp/opacification/calibration.h"
#include "dsp/opacification/line_filter.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

// One subtracted frame. Views are valid during the call only.
struct OpacityFrame {
    FrameIndex frame{0};
    double time_s{0.0};
    ImageView<const float> opacity;  // ln(mask_registered / live)
    ImageView<const float> sigma;    // one standard deviation of `opacity` from quanta and read-out
    ImageView<const std::uint8_t>
        usable;              // 0 where there is no measurement (border, saturation, shutter)
    bool subtracted{false};  // false before the first usable mask: opacity is all zero
    bool before_contrast{
        false};  // known to hold no contrast (a mask frame, or earlier than first contrast)
    double artefact_ratio{1.0};  // of this frame; 1.0 is quantum noise alone
    Point moved_px{};            // mean displacement of its first mask: the phase of breathing
    ImageView<const float> mask_registered;  // log intensity; may be empty
    // Where pictures do not lie in memory, instead of them: the frame on the coarse grid of the
    // run, and how to bring the mask there.
    const WorkFrame* bins{nullptr};
    BinElsewhere bin_mask{};
};

struct FindingParams {
    bool causal{true};             // `live`; false: `review`, findings may use the whole run
    bool relative_opacity{false};  // opacity known up to one factor (LOG without its table)
    LeakCalibration calibration{built_in_calibration()};
    LineFilter line_filter{line_response};
};

struct Findings {
    std::vector<LevelMark> levels;  // marks and what was interpolated between them
    std::vector<Highlight> highlights;
    std::vector<LevelCoverage> coverage;
    Conclusion conclusion;
    std::vector<Point>
        sac_axis_px;  // centre line of the sac, head to foot as far as seen; may be empty
    std::vector<std::string> warnings;
};

// Follows one run. Causal by construction: after follow(k) the findings depend on frames 0..k only.
// Not thread-safe.
class FindingEngine {
 public:
    FindingEngine(const RunInfo& run, std::vector<LevelMark> marks, const FindingParams& params);
    ~FindingEngine();
    FindingEngine(FindingEngine&&) noexcept;
    FindingEngine& operator=(FindingEngine&&) noexcept;
    FindingEngine(const FindingEngine&) = delete;
    FindingEngine& operator=(const FindingEngine&) = delete;

    void follow(const OpacityFrame& frame);
    // As of the last frame followed. Curves of highlights: see kCurveFrames in highlights.h; given
    // the times of all frames they have an entry for each, however many there are.
    [[nodiscard]] Findings findings(std::span<const double> frame_time_s = {}) const;
    // Every line judged, leak or not, and the decoys.
    [[nodiscard]] std::vector<CandidateRecord> candidates() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace dsm
