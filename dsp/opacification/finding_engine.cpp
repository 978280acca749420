#include "dsp/opacification/finding_engine.h"

#include <utility>

#include "dsp/core/levels.h"
#include "dsp/opacification/running_maps.h"

namespace dsm {

struct FindingEngine::State {
    State(const RunInfo& run, std::vector<LevelMark> given, const FindingParams& how)
        : info(run), marks(std::move(given)), params(how), maps(run.extent) {}

    RunInfo info;
    std::vector<LevelMark> marks;
    FindingParams params;
    RunningMaps maps;
    std::vector<LevelMark> levels;
    std::vector<std::string> warnings;
};

FindingEngine::FindingEngine(const RunInfo& run, std::vector<LevelMark> marks,
                             const FindingParams& params)
    : state_(std::make_unique<State>(run, std::move(marks), params)) {
    if (!state_->marks.empty()) {
        auto levels = interpolate_levels(state_->marks);
        if (levels) {
            state_->levels = std::move(*levels);
        } else {
            state_->warnings.push_back(levels.error().message());
        }
    }
}

FindingEngine::~FindingEngine() = default;
FindingEngine::FindingEngine(FindingEngine&&) noexcept = default;
FindingEngine& FindingEngine::operator=(FindingEngine&&) noexcept = default;

void FindingEngine::follow(const OpacityFrame& frame) {
    if (!frame.subtracted || frame.opacity.extent() != state_->info.extent) {
        return;
    }
    state_->maps.follow(frame.frame, frame.opacity, frame.sigma, frame.usable);
}

Findings FindingEngine::findings() const {
    Findings found;
    found.levels = state_->levels;
    found.warnings = state_->warnings;
    for (const LevelMark& level : found.levels) {
        for (const Side side : {Side::left, Side::right}) {
            LevelCoverage coverage;
            coverage.level = level.label;
            coverage.side = side;
            coverage.why = "not followed: no contrast column was found";
            found.coverage.push_back(std::move(coverage));
        }
    }
    found.conclusion.category = Category::inadequate;
    found.conclusion.text = "No contrast column was found, so no level was cleared.";
    return found;
}

ImageView<const float> FindingEngine::peak_opacity() const {
    return state_->maps.empty() ? ImageView<const float>{} : state_->maps.peak();
}
ImageView<const float> FindingEngine::arrival_frame() const {
    return state_->maps.empty() ? ImageView<const float>{} : state_->maps.arrival();
}

}  // namespace dsm
