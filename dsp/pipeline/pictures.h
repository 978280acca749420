// The pictures beside a result: PNG files a person can read without the program.
// Colours follow Okabe & Ito ("Color Universal Design", 2008); no meaning rests on colour alone.
// Every number shown comes from the result; what is unknown is said to be, or left out.
#pragma once

#include <cstdint>
#include <filesystem>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"

namespace dsm {

// overview.png: the peak of the subtracted opacity over the run, contrast dark on light, with
// highlights drawn around their paths and listed, levels, scale bars (millimetres only where the
// spacing is known), orientation letters (only where the header says), and the conclusion.
[[nodiscard]] Result<void> write_overview(const std::filesystem::path& file,
                                          const RunResult& result);

// timeline.png: opacity against time (against frames where timing is unknown) of the sac and of
// each highlight with its noise, onset and alarm, mask frames, first contrast, and below them the
// quality of the subtraction frame by frame.
[[nodiscard]] Result<void> write_timeline(const std::filesystem::path& file,
                                          const RunResult& result);

// The same as a picture; `bare`: without name, summary and conclusion, for a
// page that has them, and with frames counted from 1.
class Canvas;  // canvas.h
enum class TimelineFrame { whole, bare };
[[nodiscard]] Canvas timeline_picture(const RunResult& result, TimelineFrame frame);

// variance.png: the mask-free view, standard deviation of log intensity over the run beyond that of
// the quanta (see temporal_variance.h), dark where the run varies. Needs result.temporal_variance.
[[nodiscard]] Result<void> write_variance_picture(const std::filesystem::path& file,
                                                  const RunResult& result);

// One subtracted frame with the highlights seen by then, levels, orientation and a caption, in grey
// for archives: a tube around each path, and its number and name beside it.
[[nodiscard]] Image<std::uint8_t> key_picture(const RunResult& result,
                                              ImageView<const float> opacity, FrameIndex frame);

}  // namespace dsm
