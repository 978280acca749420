// A badge in the menu bar that says what a run being acquired is doing; its newest alarm over the
// pictures.
#pragma once

#include "viewer/live_follow.h"
#include "viewer/panes.h"

namespace dsm::viewer {

void draw_live_badge(const LiveBadge& badge, const Rect& menu, const Rect& canvas);

}  // namespace dsm::viewer
