// Adding what people mark to the review, with who and when.
#pragma once

#include <string>

#include "dsp/core/result.h"
#include "dsp/review/commands.h"

namespace dsm::viewer {

struct Workspace;

// The user's login name and the time of day. $SOURCE_DATE_EPOCH, where set, is the time, so that
// scripted sessions repeat.
[[nodiscard]] Stamp stamp_now();

// Carries the command out and says so in the status line. `label` names it in the history; empty:
// what the command itself says.
[[nodiscard]] Result<void> record(Workspace&, const Command&, const std::string& merge_key = {},
                                  const std::string& label = {});

// Moves a shape, or one of its handles, by `by_px`. Handles: an arrow's tail 0 and head 1, a line's
// ends, an angle's first end, vertex and second end, an ellipse's radii 0 (x) and 1 (y), a
// polygon's vertices; -1 moves the whole.
[[nodiscard]] Shape moved(const Shape&, Point by_px, int handle);
// Where to write the annotation's text and take its place in lists.
[[nodiscard]] Point anchor_of(const Shape&);

}  // namespace dsm::viewer
