// What is looked at, and how. Nothing here is data: losing it loses no work.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/run_info.h"
#include "dsp/pipeline/process.h"
#include "dsp/review/review.h"
#include "viewer/canvas/view_transform.h"

namespace dsm::viewer {

// `two_runs` shows the subtraction of two runs side by side; `quad` four pictures of one run.
enum class Layout { single, original_subtracted, mask_subtracted, two_runs, quad };
enum class Tool { window_level, select, level, text, arrow, ellipse, polygon, line, angle };
enum class Overlay { none, some, all };
enum class SideTab { findings, levels, marks, coverage, run };

// Panels dark, black for a darker room, or with more contrast between text and ground.
enum class Theme { dark, black, contrast };
// How the grades of highlights are told apart: by colour and word, or by shape too.
enum class MarkStyle { colours, shapes };

// The words of the script for each of them, in the order of the values.
inline constexpr const char* kLayoutWords[] = {"single", "side-by-side", "mask-subtracted",
                                               "run-run", "quad"};
inline constexpr const char* kToolWords[] = {"window",  "select",  "level", "text", "arrow",
                                             "ellipse", "polygon", "line",  "angle"};
inline constexpr const char* kOverlayWords[] = {"none", "some", "all"};
inline constexpr const char* kTabWords[] = {"findings", "levels", "marks", "coverage", "run"};

inline constexpr const char* kThemeWords[] = {"dark", "black", "contrast"};
inline constexpr const char* kMarkStyleWords[] = {"colours", "shapes"};

// Keys that were asked for and that others have.
struct KeyWanted {
    std::string action;
    std::string keys;
    std::string why_not;
};

// A part of the run in time: seconds, or frames counted from 1 where the timing is unknown.
struct CurveSpan {
    double first{0.0};
    double last{0.0};
    friend bool operator==(const CurveSpan&, const CurveSpan&) = default;
};

// Remembered for each run.
struct RunView {
    FrameIndex frame{0};
    PictureKind picture{PictureKind::subtracted};  // of the single layout
    // Nothing: chosen automatically as soon as there is a picture.
    std::optional<DisplayWindow> native_window;
    std::optional<DisplayWindow> opacity_window;
    std::optional<DisplayWindow> peak_window;
    std::optional<DisplayWindow> variance_window;
    std::optional<DisplayWindow> arrival_window;
    bool native_inverted{false};
    bool opacity_inverted{false};  // false: contrast dark on light, as angiographers are used to
    Magnification magnification;
    std::optional<int> selected_highlight;  // its id
    std::optional<MarkId> selected_annotation;
    std::optional<MarkId> selected_key_image;
    bool findings_revealed{false};  // where `read_first` hides them
    std::string selected_level;
    std::string next_level;  // what the next mark is to be called; empty: what fits
    RegistrationMethod registration{RegistrationMethod::mesh};
    Mode mode{Mode::review};
    std::optional<CurveSpan> curve_span;  // of the curves that is drawn; nothing: all
    std::optional<FrameRange> loop;       // what is played of the run; nothing: all
    std::vector<LevelMark> given_levels;  // from a levels file; the reader's own marks win
};

struct Playback {
    bool playing{false};
    double speed{1.0};
    double position_s{0.0};  // in the run's own time
    bool to_and_fro{false};
    bool backwards{false};                 // on the way back of it
    int skipped{0};                        // frames not shown since playing began
    std::optional<FrameIndex> last_drawn;  // while playing
};

struct ViewState {
    Layout layout{Layout::original_subtracted};
    Tool tool{Tool::window_level};
    Overlay overlay{Overlay::all};
    SideTab tab{SideTab::findings};
    bool tab_was_asked_for{true};  // the tab bar follows `tab` once
    bool highlights_shown{true};
    bool read_first{false};         // what was found stays hidden until the reader asks, run by run
    double anatomy_part{0.0};       // of the stored frame under subtractions and maps, 0 to 1
    double last_anatomy_part{0.5};  // that the key goes back to
    bool magnifier_shown{false};
    bool filtered{false};   // the subtraction is shown through the display filter
    bool sharpened{false};  // pictures in grey are, for the eye
    bool peak_in_grey{false};
    bool shutter_shown{true};       // what lies outside the header's shutter is black
    bool native_held{false};        // N is down: every view shows the native frame
    bool unregistered_held{false};  // U is down
    bool side_panel_shown{true};
    bool full_screen{false};
    bool timing_shown{false};
    std::size_t other_run{static_cast<std::size_t>(-1)};  // beside the run in front; none yet
    bool other_run_is_left{false};
    bool help_shown{false};
    bool about_shown{false};
    bool file_dialog_shown{false};
    bool palette_shown{false};
    bool archives_shown{false};
    bool studies_shown{false};
    bool preferences_shown{false};
    std::string key_of;                   // the action that the next key pressed is given to
    std::optional<KeyWanted> key_wanted;  // not given yet
    double font_scale{1.0};
    Theme theme{Theme::dark};
    MarkStyle mark_style{MarkStyle::colours};
    std::optional<Point> probe_px;  // where the curve is taken; the pointer, unless pinned
    bool probe_pinned{false};
    Point picture_size{1.0, 1.0};  // of each view on the screen, in px
    std::vector<RunView> runs;     // parallel to Study::runs
};

}  // namespace dsm::viewer
