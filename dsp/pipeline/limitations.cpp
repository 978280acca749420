#include "dsp/pipeline/limitations.h"

#include <algorithm>
#include <string>

#include "dsp/subtraction/first_contrast.h"

namespace dsm {
namespace {

MaskSource source_of(const RunResult& result) {
    if (!result.params.masks.empty()) {
        return MaskSource::operator_chosen;
    }
    return masks_asked_for(result.run, result.params).empty() ? MaskSource::automatic
                                                              : MaskSource::file;
}

// In `review` frames from after contrast serve too: then the few that come before it cost little.
bool others_served(const RunResult& result) {
    return std::any_of(result.motion.begin(), result.motion.end(), [&](const FrameMotion& motion) {
        return std::any_of(motion.masks.begin(), motion.masks.end(), [&](FrameIndex mask) {
            return std::find(result.mask_frames.begin(), result.mask_frames.end(), mask) ==
                   result.mask_frames.end();
        });
    });
}

void warn_of_few(RunResult& result) {
    if (others_served(result)) {
        return;
    }
    if (result.mask_frames.size() == 1) {
        result.warnings.push_back(
            "one mask frame only: its noise stays in every subtraction (1.41 times that of one "
            "frame), and breathing cannot be matched");
    } else if (result.mask_frames.size() == 2) {
        result.warnings.push_back(
            "two mask frames only: noise is at best 1.22 times that of one frame, and breathing "
            "can be matched at two phases alone");
    }
}

void warn_of_file_masks(RunResult& result) {
    const MaskSubtraction* item = averaged_masks(result.run);
    if (item == nullptr || !result.params.masks.empty()) {
        return;
    }
    const auto missing =
        std::count_if(item->mask_frames.begin(), item->mask_frames.end(),
                      [&](FrameIndex frame) { return frame < 0 || frame >= result.run.frames; });
    if (missing > 0) {
        result.warnings.push_back("the file's mask module names " + std::to_string(missing) +
                                  " frames that the run does not have: " +
                                  (result.mask_source == MaskSource::file
                                       ? "the others were used"
                                       : "masks were chosen automatically"));
    }
}

void warn_of_contrast_in_masks(const Chain& chain, RunResult& result) {
    const std::vector<FrameIndex>& left_out = chain.masks_with_contrast();
    if (left_out.empty() || !chain.contrast_seen()) {
        return;
    }
    std::string frames;
    for (const FrameIndex frame : left_out) {
        frames += (frames.empty() ? "" : ", ") + std::to_string(frame + 1);
    }
    result.warnings.push_back("masks that hold contrast were left out (frames " + frames +
                              "; it shows from frame " +
                              std::to_string(*chain.contrast_seen() + 1) +
                              " on): what a mask holds is lost from the subtraction. To see only "
                              "what changed since, choose no mask from before");
}

}  // namespace

void describe_masks(const Chain& chain, RunResult& result) {
    result.mask_frames = chain.mask_frames();
    result.mask_source = source_of(result);
    result.first_contrast_frame = chain.first_contrast();
    if (result.mask_source == MaskSource::automatic) {
        result.false_contrast_rate = FirstContrast::kFalseContrastRate;
    }
    if (result.run.frames < 2) {
        return;
    }
    warn_of_file_masks(result);
    warn_of_few(result);
    warn_of_contrast_in_masks(chain, result);
    if (result.mask_source == MaskSource::automatic && !result.first_contrast_frame) {
        result.warnings.push_back(
            "no arrival of contrast was found: where contrast shows from the first frame on, or "
            "comes too faintly, choose masks by hand");
    }
}

void describe_corridor(const CorridorMonitor& monitor, RunResult& result) {
    std::vector<Point> axis = result.sac_axis_px;
    if (axis.size() < 2) {
        axis.clear();
        for (const LevelMark& mark : result.levels) {
            axis.push_back(mark.center_px);
        }
    }
    const CorridorReport report = monitor.report(axis);
    result.corridor = {report.median_mm, report.high_mm, report.median_artefact_ratio, report.why};
    auto motion = result.motion.begin();  // both lists are in order of frames
    for (const CorridorResidual& residual : report.frames) {
        motion = std::find_if(motion, result.motion.end(), [&](const FrameMotion& each) {
            return each.frame == residual.frame;
        });
        if (motion == result.motion.end()) {
            return;
        }
        motion->corridor_artefact_ratio = residual.artefact_ratio;
        motion->corridor_residual_mm = residual.residual_mm;
    }
}

}  // namespace dsm
