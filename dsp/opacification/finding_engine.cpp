#include "dsp/opacification/finding_engine.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/core/levels.h"
#include "dsp/opacification/anatomy.h"
#include "dsp/opacification/candidate.h"
#include "dsp/opacification/classify.h"
#include "dsp/opacification/conclusion.h"
#include "dsp/opacification/coverage.h"
#include "dsp/opacification/evidence.h"
#include "dsp/opacification/highlights.h"
#include "dsp/opacification/history.h"
#include "dsp/opacification/sac.h"
#include "dsp/opacification/stabiliser.h"
#include "dsp/opacification/trace.h"
#include "dsp/opacification/tracks.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

namespace {

// Two windows: a short one for the alarm, a long one for faint veins.
constexpr double kShortS = 2.5;
constexpr int kShortFrames = 3;
constexpr double kLongS = 8.0;
constexpr int kLongFrames = 6;
// Where the header gives no time: the commonest rate of such runs, two frames a second.
constexpr double kAssumedFrameS = 0.5;

}  // namespace

struct FindingEngine::State {
    State(const RunInfo& run, std::vector<LevelMark> given, const FindingParams& how)
        : info(run),
          marks(std::move(given)),
          params(how),
          grid(run),
          history(grid.extent()),
          sac(grid, grid.extent()),
          stabiliser(grid, grid.extent()),
          evidence(grid, grid.extent(), how.line_filter),
          tracing(grid.extent()),
          tracks(grid, how.calibration) {}

    [[nodiscard]] int window(double seconds, int frames) const;
    [[nodiscard]] MeasureParams measure_params() const;
    void look(FrameIndex frame);
    void note_time(const OpacityFrame& frame);

    RunInfo info;  // of a run that grows, with the times of its first kCurveFrames frames
    std::vector<LevelMark> marks;
    FindingParams params;
    WorkGrid grid;
    WorkFrame work, placed;
    History history;
    Sac sac;
    Stabiliser stabiliser;
    Evidence evidence;
    TraceWork tracing;
    Anatomy anatomy;
    Tracks tracks;
    EvidenceMap vein_map;  // kept for coverage: residue as of the last frame
    bool looked{false};
    std::vector<LevelMark> levels;
    std::vector<std::string> warnings;
};

// First slot of a window that ends with the last slot.
int FindingEngine::State::window(double seconds, int frames) const {
    const double end = history.slot(history.size() - 1).time_s;
    int from = history.size() - 1;
    while (from > 0 &&
           (history.size() - from < frames || history.slot(from - 1).time_s > end - seconds)) {
        --from;
    }
    return from;
}

MeasureParams FindingEngine::State::measure_params() const {
    const int size = history.size();
    const double span = history.slot(size - 1).time_s - history.slot(0).time_s;
    return {size > 1 && span > 0.0 ? span / (size - 1) : kAssumedFrameS, info.has_timing(),
            params.relative_opacity, &anatomy};
}

void FindingEngine::State::look(FrameIndex frame) {
    if (history.slot(history.size() - 1).before_contrast || history.size() < 4 ||
        !sac.follow(history)) {
        return;
    }
    const TraceParams veins;
    const TraceParams bands{2.0F, 3.0F, 15.0, 8};
    const TraceParams over_sac{1.8F, 3.4F, 5.0, 8};  // a narrow zone, where a line soon breaks
    const auto take = [&](const EvidenceMap& map, const TraceParams& how) {
        tracks.add(trace_lines(map, sac, grid, false, how, tracing), 1, frame);
        tracks.add(trace_lines(map, sac, grid, true, how, tracing), -1, frame);
    };
    take(evidence.veins(history, sac, window(kShortS, kShortFrames), true), veins);
    // Faint veins and bands build up slowly: every second frame each is soon enough.
    if (history.size() % 2 == 0) {
        take(evidence.bands(history, sac, window(kLongS, kLongFrames)), bands);
        take(evidence.canal(history, sac, window(kLongS, kLongFrames)), over_sac);
        tracks.weigh(history, sac, measure_params(), frame);
        return;
    }
    const EvidenceMap& slow = evidence.veins(history, sac, window(kLongS, kLongFrames), false);
    take(slow, veins);
    vein_map.corridor = slow.corridor;
    vein_map.residue.reserve(grid.extent().pixels());
    vein_map.residue.resize(slow.residue.extent());
    copy_pixels(slow.residue.cview(), vein_map.residue.view());
    tracks.weigh(history, sac, measure_params(), frame);
    looked = true;
}

// The header of a run that is still being acquired does not know the times of frames to come.
void FindingEngine::State::note_time(const OpacityFrame& frame) {
    const auto at = static_cast<std::size_t>(frame.frame);
    if (info.has_timing() && at >= info.frame_time_s.size() && frame.frame < kCurveFrames) {
        info.frame_time_s.resize(at + 1, frame.time_s);
    }
}

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
    if (!state_->grid.spacing_known()) {
        state_->warnings.emplace_back(
            "pixel spacing is unknown: lines are sought as if the field were 24 cm wide");
    }
}

FindingEngine::~FindingEngine() = default;
FindingEngine::FindingEngine(FindingEngine&&) noexcept = default;
FindingEngine& FindingEngine::operator=(FindingEngine&&) noexcept = default;

void FindingEngine::follow(const OpacityFrame& frame) {
    State& s = *state_;
    s.note_time(frame);
    const bool elsewhere = frame.bins != nullptr;
    if (!frame.subtracted || (!elsewhere && frame.opacity.extent() != s.info.extent)) {
        return;
    }
    if (elsewhere) {
        s.work.assign(*frame.bins);
    } else {
        s.grid.bin(frame.opacity, frame.sigma, frame.usable, s.work);
    }
    const double time_s = s.info.has_timing() ? frame.time_s : kAssumedFrameS * frame.frame;
    Stabiliser::place(s.work, s.stabiliser.estimate(s.work.opacity, s.sac, time_s), s.placed);
    s.stabiliser.learn(s.work.opacity);
    s.history.add(s.work, {.first = frame.frame,
                           .last = frame.frame,
                           .frames = 1,
                           .time_s = time_s,
                           .artefact_ratio = static_cast<float>(frame.artefact_ratio),
                           .before_contrast = frame.before_contrast,
                           .moved_px = frame.moved_px,
                           .opacity = {}});
    if (elsewhere && frame.bin_mask) {
        s.anatomy.follow(frame.bin_mask);
    } else {
        s.anatomy.follow(s.grid, frame.mask_registered, frame.usable);
    }
    s.look(frame.frame);
}

Findings FindingEngine::findings(std::span<const double> frame_time_s) const {
    const State& s = *state_;
    Findings found;
    found.levels = s.levels;
    found.warnings = s.warnings;
    std::span<const double> times = frame_time_s.empty() ? s.info.frame_time_s : frame_time_s;
    if (frame_time_s.empty()) {
        times = times.first(std::min<std::size_t>(times.size(), kCurveFrames));
    }
    const HighlightContext context{s.info, times,    s.grid,
                                   s.sac,  s.levels, s.params.relative_opacity};
    found.highlights = highlights_of(s.tracks, context);
    found.coverage = coverage_of(s.levels, s.info, s.grid, s.history, s.sac,
                                 s.looked ? &s.vein_map : nullptr, s.params.relative_opacity);
    found.conclusion = conclude({found.highlights, found.coverage, s.sac.found()});
    for (const Point p : s.sac.axis()) {
        found.sac_axis_px.push_back(s.grid.to_picture(p));
    }
    return found;
}

std::vector<CandidateRecord> FindingEngine::candidates() const {
    return candidates_of(state_->tracks, state_->grid);
}

}  // namespace dsm
