// A run's Review and findings as the content of a presentation state, and back.
// An exact record of the Review travels with the state in a private attribute, so that what comes
// back from our own states is equal to what went out. Without it (another maker's state, an archive
// that drops private attributes) the marks are made from the graphics: shapes, texts, frames and
// levels come back within the precision of a 32-bit number; ids are given anew, and who made a mark
// is the state's creator.
// Pure functions, safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/dicom/objects/presentation_state.h"
#include "dsp/review/commands.h"
#include "dsp/review/review.h"

namespace dsm {

// What the software computed, as far as a presentation state shows it.
struct ComputedState {
    std::vector<LevelMark> levels;  // marked and interpolated
    std::vector<Highlight> highlights;
    std::vector<FrameIndex> mask_frames;  // empty: nothing was subtracted
    std::vector<FrameMotion> motion;      // by frame
    RegistrationMethod registration{RegistrationMethod::mesh};
    // Root mean square difference, in opacity, between the state's subtraction (mean mask, shifted
    // as a whole) and the exact one, where it was measured.
    std::optional<double> rms_difference;
};

// Marks are drawn on their frames, highlights with their names, levels with their labels; the shift
// of a frame is the mean of its displacement. Marks on frames the run does not have are kept in the
// exact record and drawn on those it has. Errors: a Review too large to be recorded.
[[nodiscard]] Result<PresentationState> presentation_state_of(const RunInfo& run,
                                                              const RunReview& review,
                                                              const ComputedState& computed);

// What importing a state adds to a run.
struct ImportedMarks {
    RunReview review;  // as it was exported, or as the graphics say
    bool exact{false};
    std::vector<std::string> warnings;
};
// Errors: the exact record is damaged.
[[nodiscard]] Result<ImportedMarks> marks_of(const PresentationState& state);

// The commands that add `marks` to what the run has: what is there already is not added again, an
// annotation whose number is taken gets a free one, and nothing that is there is changed. Marks
// that contradict those there (a level elsewhere, another verdict, other masks) are left out, each
// with a line in `left_out`; with `replace` they take their place.
[[nodiscard]] CommandGroup commands_to_add(const Review& there, const std::string& run,
                                           const RunReview& marks, bool replace,
                                           std::vector<std::string>& left_out);

}  // namespace dsm
