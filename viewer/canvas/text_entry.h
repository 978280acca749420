// Writing text into the picture.
#pragma once

#include "viewer/canvas/canvas.h"

namespace dsm::viewer {

// Shows a line to write in while the gesture asks for one; Enter asks for the annotation, Escape
// or a click elsewhere drops it.
void draw_text_entry(Gesture&, Intents&);

}  // namespace dsm::viewer
