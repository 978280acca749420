// A run processed while it is still being acquired: what process_run() says of each frame, alarms
// the moment they come, and how long after its last byte each frame was done.
#pragma once

#include <functional>
#include <optional>

#include "dsp/pipeline/live_alarms.h"
#include "dsp/pipeline/process.h"
#include "dsp/source/live_run.h"

namespace dsm {

struct LiveAlarm {
    LiveAlarms::Kind kind{};
    FrameIndex frame{0};           // the frame whose coming raised it
    std::optional<double> time_s;  // of that frame; nothing where the run has no timing
    Highlight highlight;           // as it is; where withdrawn, as it was
    double latency_ms{0.0};        // from the last byte of the frame received to now
};

struct LiveHooks {
    ProcessHooks process;
    std::function<void(const LiveAlarm&)> on_alarm;
    // All is said of the frame; so long after its last byte was received.
    std::function<void(FrameIndex, double latency_ms)> on_latency;
};

// Blocks until the run has ended; `live` in the result says how it came in. `params` are those of
// mode `live`. Errors as process_run(); not one frame that could be read is an error too.
[[nodiscard]] Result<RunResult> process_live(LiveRun& run, const PipelineParams& params,
                                             const LiveHooks& hooks);

}  // namespace dsm
