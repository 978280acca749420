// A run, or two, as a film or as a picture for people: frames in the reader's window with the
// marks of reader and software, the frame's number and time, and the notice burnt in. Names no
// patient. A panel may show a part, turned, over the stored frame, as it lies on the screen; the
// letters of orientation turn with it.
// Safe from any thread where the functions of the panels are.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/review/review.h"

namespace dsm {

// One picture of the film.
struct FilmPanel {
    std::string title;  // "SUBTRACTED"
    RunInfo run;
    RunReview review;
    std::vector<LevelMark> levels;
    // Leaks that the reader did not reject, and what he confirmed, are drawn from their onset on;
    // anatomy and mimics would hide the picture.
    std::vector<Highlight> highlights;
    std::vector<FrameMotion> motion;  // how good each frame is; empty: not said
    DisplayWindow window;
    bool dark_is_large{false};
    bool in_colours{false};  // from dark to yellow; not in grey
    std::string unit;        // of the values, for a scale below: "opacity", "s"; empty: none
    // What of the picture is drawn, and which way up; nothing: the whole.
    std::optional<ShownPart> part;
    Orientation orientation;
    // The stored frame under it: its part, 0 to 1, and how its values are windowed.
    double anatomy_part{0.0};
    DisplayWindow anatomy_window;
    bool anatomy_dark_is_large{false};
    std::function<Result<Image<float>>(FrameIndex)> anatomy_of;
    std::optional<PixelRect> shutter;  // nothing is drawn outside it; nothing: all is
    bool of_the_run{false};            // one picture for all frames, with all highlights
    std::function<Result<Image<float>>(FrameIndex)> values_of;
    // The frame of this panel's run at a frame of the film; empty: the same.
    std::function<FrameIndex(FrameIndex)> frame_of;
};

struct Film {
    RunInfo run;                    // whose time runs
    std::vector<FilmPanel> panels;  // one or more; two side by side, four in two rows
    FrameRange frames;
    double speed{1.0};  // 2 is twice as fast
};

// One frame as PNG. Errors: invalid_input without panels or for a frame the run does not have;
// those of values_of; io.
[[nodiscard]] Result<void> write_film_picture(const std::filesystem::path& file, const Film& film,
                                              FrameIndex frame);

// How long each frame of the film stays, at its speed; 0.25 s where the timing is unknown, the
// median for the last. Never less than 0.
[[nodiscard]] std::vector<double> film_stays_s(const Film& film);

// By extension: .mp4 (H.264, else MPEG-4), .gif (smaller, without end). Frames that are not evenly
// spaced keep their times within 1/60 s in MP4, 1/200 s in GIF. `on_progress` gets 0 to 1. Errors:
// another extension, no codec, a film of more than two hours, io, cancelled; a file that was there
// stays then.
[[nodiscard]] Result<void> write_film(const std::filesystem::path& file, const Film& film,
                                      const std::function<void(double)>& on_progress = {},
                                      const std::stop_token& stop = {});

}  // namespace dsm
