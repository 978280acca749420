// What is on the screen as values that outlive it, and what it is made of.
#pragma once

#include "dsp/pipeline/process.h"
#include "dsp/reading/shown_panel.h"
#include "dsp/review/review.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

// The run in front as a picture of this kind would be shown now. The window is the one in use, else
// an automatic one; 0 to 1 while there is no picture to take one from.
[[nodiscard]] ShownPicture picture_shown(const Workspace&, PictureKind);

// The way back: layout, window, place and turn as they were.
void show_picture_as(Workspace&, const ShownPicture&);

// What the job in front computed, once it is at its end and what was found is of this job; null
// before that.
[[nodiscard]] const RunResult* whole_result(const RunSession&);

// For other threads too, and longer than the session lives. Errors: a frame that is damaged or not
// there, a map that the run does not have.
[[nodiscard]] ValuesOfPicture values_in(const RunSession&, const RunReview&);

}  // namespace dsm::viewer
