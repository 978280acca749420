#include "viewer/workspace.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dsp/core/levels.h"
#include "dsp/review/journal_location.h"

namespace dsm::viewer {

const RunReview& Workspace::run_review() const {
    return review_of(desk.review_of_study(study_name()),
                     run() == nullptr ? std::string() : run()->key());
}

std::string Workspace::study_name() const {
    return run() == nullptr ? std::string() : study_key(run()->info());
}

std::vector<PictureKind> pictures_shown(const ViewState& view, const RunView& run_view) {
    std::vector<PictureKind> shown;
    switch (view.layout) {
        case Layout::single:
            shown = {run_view.picture};
            break;
        case Layout::original_subtracted:
            shown = {PictureKind::original, main_picture(view, run_view)};
            break;
        case Layout::mask_subtracted:
            shown = {PictureKind::mask, main_picture(view, run_view)};
            break;
        case Layout::two_runs:
            shown = {main_picture(view, run_view), main_picture(view, run_view)};
            break;
        case Layout::quad:
            shown = {PictureKind::original, PictureKind::subtracted, PictureKind::mask,
                     is_of_the_run(run_view.picture) ? run_view.picture : PictureKind::peak};
            break;
    }
    if (view.native_held) {
        std::fill(shown.begin(), shown.end(), PictureKind::original);
    }
    return shown;
}

PictureKind main_picture(const ViewState& view, const RunView& run_view) {
    const bool of_the_run = is_of_the_run(run_view.picture);
    const bool chosen =
        view.layout == Layout::single || (of_the_run && view.layout != Layout::quad);
    return chosen ? run_view.picture : PictureKind::subtracted;
}

bool shows_two_runs(const Workspace& workspace) {
    return workspace.view.layout == Layout::two_runs &&
           workspace.view.other_run < workspace.study.runs.size() &&
           workspace.view.other_run != workspace.study.current;
}

bool shows_two_patients(const Workspace& workspace) {
    if (!shows_two_runs(workspace)) {
        return false;
    }
    const auto& front = workspace.run()->info();
    const auto& other = workspace.study.runs[workspace.view.other_run]->info();
    return front.patient_id != other.patient_id || front.patient_name != other.patient_name;
}

Result<void> show_beside(Workspace& workspace, std::size_t other) {
    auto& view = workspace.view;
    if (other >= workspace.study.runs.size() || other == workspace.study.current) {
        return fail(ErrorKind::invalid_input, "run | run", "there is no second run",
                    "open another one");
    }
    view.other_run = other;
    view.other_run_is_left = other < workspace.study.current;
    view.layout = Layout::two_runs;
    if (shows_two_patients(workspace)) {
        workspace.complain("The two runs are of different patients");
    }
    const InFront scope(workspace, other);
    process_if_changed(workspace);
    return {};
}

std::vector<std::size_t> runs_shown(const Workspace& workspace) {
    const auto front = workspace.study.current;
    const std::size_t views = pictures_shown(workspace.view, workspace.run_view()).size();
    if (!shows_two_runs(workspace)) {
        return std::vector<std::size_t>(workspace.view.layout == Layout::two_runs ? 1 : views,
                                        front);
    }
    const auto other = workspace.view.other_run;
    return workspace.view.other_run_is_left ? std::vector<std::size_t>{other, front}
                                            : std::vector<std::size_t>{front, other};
}

namespace {

std::optional<double> contrast_time_s(const RunSession& run, const PlaySchedule& schedule) {
    const auto findings = run.findings();
    if (findings == nullptr || findings->result == nullptr ||
        !findings->result->first_contrast_frame) {
        return std::nullopt;
    }
    return schedule.time_of(*findings->result->first_contrast_frame);
}

}  // namespace

FrameIndex linked_frame(const Workspace& workspace, std::size_t other, FrameIndex frame) {
    const auto& run = *workspace.study.runs[other];
    const PlaySchedule schedule(run.info().frame_time_s, run.info().frames);
    const auto since = contrast_time_s(*workspace.run(), workspace.schedule);
    const auto until = contrast_time_s(run, schedule);
    const double shift_s = since && until ? *until - *since : 0.0;
    const double last_s = schedule.time_of(run.info().frames - 1);
    return schedule.frame_at(std::clamp(workspace.schedule.time_of(frame) + shift_s, 0.0, last_s));
}

void link_runs(Workspace& workspace) {
    if (!shows_two_runs(workspace)) {
        return;
    }
    auto& follower = workspace.view.runs[workspace.view.other_run];
    const auto& leader = workspace.run_view();
    follower.frame = linked_frame(workspace, workspace.view.other_run, leader.frame);
    follower.magnification = leader.magnification;
    follower.picture = leader.picture;
}

bool shows_filtered(const Workspace& workspace) {
    const auto& view = workspace.view;
    if (!view.filtered || view.unregistered_held || workspace.run() == nullptr) {
        return false;
    }
    const auto frame = workspace.run_view().frame;
    const auto* job = workspace.run()->job_with(frame);
    return job != nullptr && job->holds_filtered(frame);
}

bool shows_sharpened(const Workspace& workspace, PictureKind kind) {
    return workspace.view.sharpened && !shows_colours(workspace, kind);
}

bool shows_colours(const Workspace& workspace, PictureKind kind) {
    return is_coloured(kind, workspace.view.peak_in_grey);
}

std::optional<PixelRect> shutter_in_force(const Workspace& workspace) {
    return workspace.view.shutter_shown ? workspace.run()->info().shutter : std::nullopt;
}

bool shows_anatomy(const Workspace& workspace, PictureKind kind) {
    return workspace.view.anatomy_part > 0.0 && kind != PictureKind::original &&
           kind != PictureKind::mask;
}

std::vector<LevelMark> marks_in_force(const Workspace& workspace) {
    const auto& own = workspace.run_review().levels;
    if (!own.empty() || workspace.run() == nullptr) {
        return own;
    }
    return workspace.run_view().given_levels;
}

std::vector<LevelMark> levels_in_force(const Workspace& workspace) {
    const auto marks = marks_in_force(workspace);
    if (marks.size() < 2) {
        return marks;
    }
    auto all = interpolate_levels(marks);
    return all ? std::move(*all) : marks;
}

bool findings_withheld(const Workspace& workspace) {
    return workspace.view.read_first && workspace.run() != nullptr &&
           !workspace.run_view().findings_revealed;
}

std::shared_ptr<const JobSnapshot> shown_findings(const Workspace& workspace) {
    return workspace.run() == nullptr || findings_withheld(workspace) ? nullptr
                                                                      : workspace.run()->findings();
}

std::vector<FrameIndex> masks_in_force(const Workspace& workspace) {
    if (const auto& chosen = workspace.run_review().mask_frames) {
        return *chosen;
    }
    const auto findings = workspace.run() == nullptr ? nullptr : workspace.run()->findings();
    if (findings == nullptr || findings->result == nullptr) {
        return {};
    }
    // An earlier result may still be that of masks chosen by hand, which were taken back.
    const auto& result = *findings->result;
    return result.params.masks.empty() ? result.mask_frames : std::vector<FrameIndex>{};
}

std::optional<FrameIndex> mask_frame_for(const RunSession& run, FrameIndex frame,
                                         const RunReview& review) {
    if (const auto motion = run.motion_of(frame); motion && !motion->masks.empty()) {
        return motion->masks.front();
    }
    if (review.mask_frames && !review.mask_frames->empty()) {
        return review.mask_frames->front();
    }
    const auto findings = run.findings();
    if (findings != nullptr && findings->result != nullptr &&
        !findings->result->mask_frames.empty()) {
        return findings->result->mask_frames.front();
    }
    return std::nullopt;
}

PipelineParams wanted_params(const Workspace& workspace) {
    PipelineParams params;
    if (workspace.run() == nullptr) {
        return params;
    }
    const auto& review = workspace.run_review();
    params.mode = workspace.run()->frames().growing() ? Mode::live : workspace.run_view().mode;
    params.registration = workspace.run_view().registration;
    params.masks = review.mask_frames.value_or(std::vector<FrameIndex>{});
    params.manual_shift_px = review.manual_shift_px.value_or(Point{});
    const auto marks = marks_in_force(workspace);
    if (marks.size() >= 2) {
        params.levels = marks;
    }
    return params;
}

void process_if_changed(Workspace& workspace) {
    auto* run = workspace.run();
    if (run == nullptr) {
        return;
    }
    const auto wanted = wanted_params(workspace);
    if (run->newest_job() == nullptr || !(run->newest_job()->params() == wanted)) {
        run->process(wanted);
    }
}

FrameRange frames_played(const Workspace& workspace) {
    const int last = std::max(0, workspace.run()->info().frames - 1);
    const auto& loop = workspace.run_view().loop;
    return loop ? FrameRange{std::clamp(loop->first, 0, last), std::clamp(loop->last, 0, last)}
                : FrameRange{0, last};
}

bool play_on(Workspace& workspace, double seconds) {
    auto& playback = workspace.playback;
    if (!playback.playing || workspace.run() == nullptr) {
        return false;
    }
    const auto range = frames_played(workspace);
    const auto& schedule = workspace.schedule;
    const auto head =
        advanced({playback.position_s, playback.backwards}, seconds * playback.speed,
                 schedule.time_of(range.first), schedule.end_of(range.last), playback.to_and_fro);
    playback.position_s = head.position_s;
    playback.backwards = head.backwards;
    const auto frame = schedule.frame_at(head.position_s);
    return std::exchange(workspace.run_view().frame, frame) != frame;
}

void note_drawn(Workspace& workspace) {
    auto& playback = workspace.playback;
    if (!playback.playing || workspace.run() == nullptr) {
        playback.last_drawn.reset();
        return;
    }
    const auto frame = workspace.run_view().frame;
    if (playback.last_drawn) {
        playback.skipped += frames_skipped(*playback.last_drawn, frame, playback.backwards);
    }
    playback.last_drawn = frame;
}

bool works_in_background(const Workspace& workspace) {
    return workspace.film != nullptr || workspace.archives.job != nullptr ||
           workspace.studies.scan != nullptr;
}

void show_frame(Workspace& workspace, FrameIndex frame) {
    if (workspace.run() == nullptr) {
        return;
    }
    const int last = std::max(0, workspace.run()->info().frames - 1);
    workspace.run_view().frame = std::clamp(frame, 0, last);
    workspace.playback.position_s = workspace.schedule.time_of(workspace.run_view().frame);
}

void show_run(Workspace& workspace, std::size_t index) {
    if (index >= workspace.study.runs.size()) {
        return;
    }
    // The run that was in front stays where it was; a third one takes the place of it.
    if (workspace.view.layout == Layout::two_runs && index == workspace.view.other_run) {
        workspace.view.other_run = workspace.study.current;
        workspace.view.other_run_is_left = !workspace.view.other_run_is_left;
    }
    workspace.study.current = index;
    workspace.playback.playing = false;
    const auto& info = workspace.run()->info();
    workspace.schedule = PlaySchedule(info.frame_time_s, info.frames);
    show_frame(workspace, workspace.run_view().frame);
    process_if_changed(workspace);
}

}  // namespace dsm::viewer
