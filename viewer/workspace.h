// Everything the viewer's actions work on: the study, what people added, what is looked at, and
// what was asked of the window. Changed by actions alone.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viewer/archive_desk.h"
#include "viewer/keys.h"
#include "viewer/review_desk.h"
#include "viewer/study/film_job.h"
#include "viewer/study/study.h"
#include "viewer/study_desk.h"
#include "viewer/timeline_clock.h"
#include "viewer/view_state.h"

namespace dsm::viewer {

// A line for the status bar. Errors stay until the next one is read or dismissed.
struct Notice {
    std::string text;
    bool is_error{false};
};

// What an action wants of the program around it; taken once.
struct Requests {
    bool quit{false};
    bool wait_until_idle{false};
    std::optional<Error> failure;  // of work that an earlier action began; ends a script
    bool stay{false};              // leave the script and hand the window to the reader
    double advance_s{0.0};         // of the script's clock
    std::optional<std::filesystem::path> screenshot;
    std::optional<std::filesystem::path>
        time_opening;                      // open it, and say when its picture was there
    bool time_scrubbing{false};            // show every frame, and say how long each took
    std::optional<std::string> clipboard;  // text to leave there
};

struct Workspace {
    Study study;
    ReviewDesk desk;
    ViewState view;
    Playback playback;
    PlaySchedule schedule;  // of the run in front
    std::optional<Notice> notice;
    Requests requests;
    std::unique_ptr<FilmJob> film;  // being saved; null otherwise
    ArchiveDesk archives;
    StudyDesk studies;
    Wake wake{[] {}};
    std::string renderer;
    KeyMap keys;        // in force
    KeyMap usual_keys;  // the table's own

    [[nodiscard]] const RunSession* run() const { return study.run(); }
    [[nodiscard]] RunSession* run() { return study.run(); }
    // Of the run in front; valid while there is one.
    [[nodiscard]] RunView& run_view() { return view.runs[study.current]; }
    [[nodiscard]] const RunView& run_view() const { return view.runs[study.current]; }
    [[nodiscard]] const RunReview& run_review() const;
    // Of the run in front; empty without one.
    [[nodiscard]] std::string study_name() const;

    void say(std::string text) { notice = Notice{std::move(text), false}; }
    void complain(std::string text) { notice = Notice{std::move(text), true}; }
};

// The kind of picture in each view of the layout, left to right, with the keys held down heeded.
[[nodiscard]] std::vector<PictureKind> pictures_shown(const ViewState&, const RunView&);
// The run in each of those views: the one in front, but for one of two runs side by side.
[[nodiscard]] std::vector<std::size_t> runs_shown(const Workspace&);
// Two runs are shown that differ.
[[nodiscard]] bool shows_two_runs(const Workspace&);
// The run beside the one in front, which is processed too. Errors: it is the one in front.
[[nodiscard]] Result<void> show_beside(Workspace&, std::size_t other);
// And their headers name different patients.
[[nodiscard]] bool shows_two_patients(const Workspace&);
// The other run follows the one in front: zoom, place, orientation, and time since the first
// contrast (since the first frame while either has none).
void link_runs(Workspace&);
// The frame of run `other` that is as long after its first contrast as `frame` of the one in front;
// its first or last frame where it was not recorded then.
[[nodiscard]] FrameIndex linked_frame(const Workspace&, std::size_t other, FrameIndex frame);
// While it lives, the workspace is that of another run.
class InFront {
 public:
    InFront(Workspace& workspace, std::size_t run)
        : study_(workspace.study), before_(workspace.study.current) {
        study_.current = run;
    }
    ~InFront() { study_.current = before_; }
    InFront(const InFront&) = delete;
    InFront& operator=(const InFront&) = delete;
    InFront(InFront&&) = delete;
    InFront& operator=(InFront&&) = delete;

 private:
    Study& study_;
    std::size_t before_;
};
// The view that window and keys act on when none is pointed at.
[[nodiscard]] PictureKind main_picture(const ViewState&, const RunView&);

// The subtraction in front is shown filtered: asked for, and there.
[[nodiscard]] bool shows_filtered(const Workspace&);

// In colours, unless the reader wants the peak in grey.
[[nodiscard]] bool shows_colours(const Workspace&, PictureKind);
// The run's shutter, unless the reader wants to see what it hides.
[[nodiscard]] std::optional<PixelRect> shutter_in_force(const Workspace&);
// This kind of picture is shown sharpened.
[[nodiscard]] bool shows_sharpened(const Workspace&, PictureKind);

// The stored frame lies under this kind of picture.
[[nodiscard]] bool shows_anatomy(const Workspace&, PictureKind);

// The level marks a run is processed with: the reader's, else those of a levels file.
[[nodiscard]] std::vector<LevelMark> marks_in_force(const Workspace&);
// All levels between the outermost marks; empty below two marks.
[[nodiscard]] std::vector<LevelMark> levels_in_force(const Workspace&);
// What was found in the run in front, unless it is read first and revealed after; null before that.
[[nodiscard]] std::shared_ptr<const JobSnapshot> shown_findings(const Workspace&);
[[nodiscard]] bool findings_withheld(const Workspace&);
// The mask frames of the run in front: the reader's, else those found; empty before that.
[[nodiscard]] std::vector<FrameIndex> masks_in_force(const Workspace&);
// The mask frame shown beside `frame`: the first its subtraction used, else the first chosen.
[[nodiscard]] std::optional<FrameIndex> mask_frame_for(const RunSession& run, FrameIndex frame,
                                                       const RunReview& review);
// What the pipeline is to be run with.
[[nodiscard]] PipelineParams wanted_params(const Workspace&);
// Starts processing over if the wanted parameters differ from those in use.
void process_if_changed(Workspace&);

// The frames that are played: the loop's, else all.
[[nodiscard]] FrameRange frames_played(const Workspace&);
// Lets `seconds` pass for the playback; true when another frame is shown.
bool play_on(Workspace&, double seconds);
// A frame is on the screen: counts those that were passed over.
void note_drawn(Workspace&);

// A film, a question to an archive or a search goes on in the background.
[[nodiscard]] bool works_in_background(const Workspace&);

void show_frame(Workspace&, FrameIndex frame);
void show_run(Workspace&, std::size_t index);

}  // namespace dsm::viewer
