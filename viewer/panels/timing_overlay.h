// How long the frames take, over the pictures: work per frame stacked by stage, late frames marked,
// median and 99th percentile of each stage.
#pragma once

#include "viewer/panes.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

// Of the newest pass over the run in front, while ViewState::timing_shown; at the right of
// `canvas`, deaf to the mouse.
void draw_timing_overlay(const Workspace&, const Rect& canvas);

}  // namespace dsm::viewer
