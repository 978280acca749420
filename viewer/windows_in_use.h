// The window each kind of picture is shown with: the reader's, else an automatic one.
#pragma once

#include <optional>

#include "viewer/study/run_session.h"
#include "viewer/view_state.h"

namespace dsm::viewer {

// Original and mask share one; the subtracted picture, the peak map and
// the mask-free view each have their own.
[[nodiscard]] std::optional<DisplayWindow>& window_slot(RunView& view, PictureKind kind);
[[nodiscard]] std::optional<DisplayWindow> window_slot(const RunView& view, PictureKind kind);

// Nothing while there is no picture to take it from.
[[nodiscard]] std::optional<DisplayWindow> automatic_window(const RunSession&, const RunView&,
                                                            PictureKind);

// Fills slots that are empty, once a picture is there to take them from.
void fill_windows(const RunSession&, RunView&);

}  // namespace dsm::viewer
