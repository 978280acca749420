// The chain, headless or under a window: linearise, noise, drift, masks, register, subtract,
// follow, highlight. `live` is causal (frame k sees frames 0..k alone); `review` sees the whole
// run.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/gpu_use.h"
#include "dsp/core/image.h"
#include "dsp/core/live_record.h"
#include "dsp/core/noise.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/core/stage.h"
#include "dsp/core/stage_times.h"
#include "dsp/opacification/calibration.h"
#include "dsp/opacification/frame_sums.h"
#include "dsp/source/frame_source.h"

namespace dsm {

enum class Mode { live, review };

struct PipelineParams {
    Mode mode{Mode::live};
    Backend backend{Backend::automatic};
    RegistrationMethod registration{RegistrationMethod::mesh};
    std::vector<FrameIndex> masks;  // empty: found automatically
    std::vector<LevelMark> levels;  // operator's marks; two or more, or none
    // Added to the registration everywhere, by hand; frame to mask, see FrameMotion.
    Point manual_shift_px{};
    // Follow opacification and look for highlights; off for a quick subtraction.
    bool find{true};
    std::optional<LeakCalibration> calibration;  // how sure a highlight is; nothing: as built in
    friend bool operator==(const PipelineParams&, const PipelineParams&) = default;
};

// What one frame became. Views are valid during the call only. Opacity, sigma and the mask are
// empty where they were left on the graphics card and nobody asked for them: see ProcessHooks.
struct FrameOutput {
    FrameIndex frame{0};
    ImageView<const float>
        opacity;                   // ln(mask_registered / live); zeros before the first usable mask
    ImageView<const float> sigma;  // noise of `opacity` per pixel
    ImageView<const float>
        mask_registered;  // the mask as it was subtracted, log intensity; empty without one
    ImageView<const float> log_intensity;  // the live frame, linearised, drift removed
    ImageView<const std::uint8_t> usable;  // 0: no measurement here
    FrameMotion motion;
    double process_ms{0.0};
    FramePartTimes_ms part_ms{};  // of which
    GpuUses gpu{};
    // Of pictures that were left there; else null.
    const FrameSums* sums{nullptr};
    BinElsewhere bin_mask{};

    // Not where there was no mask to take it from.
    [[nodiscard]] bool subtracted() const { return sums != nullptr || !mask_registered.empty(); }
};

struct Timing {
    double load_ms{0.0}, per_frame_p50_ms{0.0}, per_frame_p99_ms{0.0}, total_ms{0.0};
};

// Residual of the subtraction beside the spine over the subtracted frames of the run; per frame in
// FrameMotion. See dsp/opacification/corridor.h.
struct CorridorSummary {
    std::optional<double> median_mm, high_mm;  // high: 95th percentile
    std::optional<double> median_artefact_ratio;
    std::string why;  // why it was not measured; empty where it was
    friend bool operator==(const CorridorSummary&, const CorridorSummary&) = default;
};

struct RunResult {
    RunInfo run;
    PipelineParams params;
    // That was used: "cpu" or "gpu"; "gpu, cpu from frame 12" where the driver failed there.
    std::string backend;
    std::string device;  // for example the processor or the GL renderer
    bool opacity_registered{true};
    bool opacity_relative{false};  // "opacity_scale": "relative"
    std::vector<FrameIndex> mask_frames;
    MaskSource mask_source{MaskSource::automatic};
    // Share of contrast-free runs in which contrast is declared all the same, measured; nothing
    // where it was not looked for.
    std::optional<double> false_contrast_rate;
    std::optional<FrameIndex> first_contrast_frame;
    CorridorSummary corridor;
    NoiseModel noise;
    std::vector<FrameMotion> motion;
    std::vector<LevelMark> levels;
    std::vector<Highlight> highlights;
    std::vector<LevelCoverage> coverage;
    Conclusion conclusion;
    std::string calibration;  // of confidence: where it comes from; empty where nothing was sought
    std::vector<Point> sac_axis_px;
    OpacityCurve sac_curve;             // mean opacity on the sac axis, for timeline.png
    Image<float> peak_opacity;          // whole run, for overview.png and the viewer; may be empty
    Image<float> arrival_frame;         // -1: never opacified
    Image<float> temporal_variance;     // excess(), see temporal_variance.h; empty without `find`
    std::vector<std::string> warnings;  // of processing, beside run.warnings
    std::vector<CandidateRecord> candidates;  // every line judged, for candidates.json
    Timing timing;
    std::optional<LiveRecord> live;  // of a run that was processed while it came
};

// Called once per frame in order. Returning an error stops the run with that error.
using FrameSink = std::function<Result<void>(const FrameOutput&)>;
// Findings so far, in `live` after every frame in which they changed; a highlight keeps its id from
// call to call. Those of the RunResult are numbered anew, 1 to n as listed.
using FindingsSink = std::function<void(FrameIndex, const std::vector<Highlight>&)>;

// The display-filtered opacity of each frame, once, in order; in `live` right after the frame's
// on_frame, in `review` up to kReviewDisplay.frames_after frames later. See display_filter.h.
using FilteredSink = std::function<Result<void>(FrameIndex, ImageView<const float> filtered)>;

// What was chosen to compute a run, before its first frame.
struct BackendChoice {
    std::string name;    // "cpu" or "gpu"
    std::string device;  // as in RunResult
    std::string reason;  // why, one line
};

struct ProcessHooks {
    std::function<void(const BackendChoice&)> on_backend;
    FrameSink on_frame;
    // Off for a sink that looks at no picture: on a graphics card they then stay there.
    bool pictures{true};
    FilteredSink on_filtered;  // the filter runs only where somebody looks
    FindingsSink on_findings;
    std::function<void(double fraction)> on_progress;
    // In `live`: all that is to be said of this frame has been said.
    std::function<void(FrameIndex)> on_done;
    std::stop_token stop;
};

// Runs the chain over the whole source; in `live` the source may still be growing. Errors: an
// unreadable frame, a mask frame out of range, no graphics driver that works where `gpu` is asked
// for, a sink's own error; ErrorKind::cancelled after a stop request.
[[nodiscard]] Result<RunResult> process_run(FrameSource& source, const PipelineParams& params,
                                            const ProcessHooks& hooks = {});

}  // namespace dsm
