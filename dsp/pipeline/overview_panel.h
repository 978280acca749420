// The panel beside the picture in overview.png: what is highlighted, what was covered, what to
// know, and the scale of the picture's greys.
#pragma once

#include "dsp/pipeline/canvas.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/tone.h"

namespace dsm::picture {

// What does not fit is counted, and said to be in result.json.
void draw_panel(const Canvas& canvas, const Box& panel, const RunResult& result, const Tone& tone);

// What grey means which value; 80 px high.
void draw_scale(const Canvas& canvas, const Box& box, const std::string& title, const Tone& tone);

}  // namespace dsm::picture
