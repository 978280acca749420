#include "dsp/pipeline/process.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "dsp/core/thinned_series.h"
#include "dsp/pipeline/chain.h"
#include "dsp/pipeline/follow.h"
#include "dsp/pipeline/limitations.h"
#include "dsp/pipeline/mask_library.h"
#include "dsp/pipeline/view_stages.h"

namespace dsm {
namespace {

constexpr std::size_t kMostTimes = 8192;  // of frames, for their median and 99th percentile
constexpr double kLookAhead = 0.4;        // share of the work that the first pass of `review` is

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double quantile(std::vector<double> values, double part) {
    if (values.empty()) {
        return 0.0;
    }
    const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

std::string name_of(const RunInfo& run) {
    return run.file.empty() ? "run" : run.file.string();
}

Result<void> check(const FrameSource& source, const PipelineParams& params) {
    const RunInfo& run = source.info();
    if (run.frames < 1 || run.extent.width < 1 || run.extent.height < 1) {
        return fail(ErrorKind::unreadable, name_of(run), "there is no frame in it",
                    "choose another file");
    }
    for (const FrameIndex mask : params.masks) {
        if (mask < 0 || (mask >= run.frames && !source.grows())) {
            return fail(ErrorKind::invalid_input, "mask frame " + std::to_string(mask),
                        "the run has frames 0 to " + std::to_string(run.frames - 1),
                        "choose masks among them");
        }
    }
    return {};
}

RunResult start_result(const RunInfo& run, const PipelineParams& params) {
    RunResult result;
    result.run = run;
    result.params = params;
    result.opacity_registered = params.registration != RegistrationMethod::none;
    result.levels = params.levels;
    if (params.find) {
        result.calibration = params.calibration.value_or(built_in_calibration()).provenance;
    }
    return result;
}

// Whether masks from the whole run can serve: with masks chosen by hand, or without registration,
// what was asked for is what is done.
bool library_serves(const RunInfo& run, const PipelineParams& params) {
    return masks_asked_for(run, params).empty() && params.manual_shift_px == Point{} &&
           (params.registration == RegistrationMethod::mesh ||
            params.registration == RegistrationMethod::affine);
}

// `review`: a first pass learns the bank of masks, and from the whole run the library of masks,
// that every frame then uses.
Result<void> look_ahead(FrameSource& source, const PipelineParams& params,
                        const ProcessHooks& hooks, const std::shared_ptr<PixelBackend>& backend,
                        Chain& chain) {
    const RunInfo& run = source.info();
    const bool whole = library_serves(run, params);
    Chain first(run, params, backend);
    auto library = std::make_shared<MaskLibrary>();
    Image<std::uint16_t> words(run.extent);
    const FrameIndex step = MaskLibrary::step_for(run);
    for (FrameIndex frame = 0; frame < run.frames && (whole || !first.learnt()); ++frame) {
        if (hooks.stop.stop_requested()) {
            return fail(ErrorKind::cancelled, name_of(run), "stopped");
        }
        const bool serves = frame % step == 0 || frame == run.frames - 1;
        if (first.learnt() && !serves) {
            continue;
        }
        if (auto read = source.read(frame, words.view()); !read) {
            return tl::unexpected(read.error());
        }
        const FrameOutput out = first.process(frame, words.view());
        if (auto measured = first.measured(); measured && serves) {
            library->add(frame, out.log_intensity, out.usable, std::move(*measured));
        }
        if (hooks.on_progress) {
            hooks.on_progress(kLookAhead * static_cast<double>(frame + 1) / run.frames);
        }
    }
    chain.adopt(first);
    if (whole && !library->empty()) {
        library->settle();
        chain.use(std::move(library));
    }
    return {};
}

// A run that grows may end before a mask that was chosen by hand has come.
void warn_of_masks_that_never_came(const PipelineParams& params, RunResult& result) {
    for (const FrameIndex mask : params.masks) {
        if (mask >= result.run.frames) {
            result.warnings.push_back("mask frame " + std::to_string(mask) +
                                      " never came: the run ended with frame " +
                                      std::to_string(result.run.frames - 1));
        }
    }
}

// Where nothing was subtracted there is nothing to find: the reason is the conclusion.
void explain_nothing_subtracted(RunResult& result) {
    const bool any =
        std::any_of(result.motion.begin(), result.motion.end(),
                    [](const FrameMotion& m) { return m.quality != Quality::no_mask; });
    if (any) {
        return;
    }
    result.conclusion = {Category::inadequate,
                         result.run.frames == 1
                             ? "The run has a single frame: there is nothing to subtract it from."
                             : "No frame could be subtracted: the run has no usable mask."};
}

// Residue of motion can pass for contrast: whoever reads the result is told where it prevails.
void warn_of_residue(RunResult& result) {
    const auto subtracted =
        std::count_if(result.motion.begin(), result.motion.end(),
                      [](const FrameMotion& m) { return m.quality != Quality::no_mask; });
    const auto of_quality = [&](Quality quality) {
        return std::count_if(result.motion.begin(), result.motion.end(),
                             [&](const FrameMotion& m) { return m.quality == quality; });
    };
    const auto failed = of_quality(Quality::failed);
    const auto poor = of_quality(Quality::poor) + failed;
    if (failed == 0 && 2 * poor <= subtracted) {
        return;
    }
    std::string words = "subtraction is poor in " + std::to_string(poor) + " of " +
                        std::to_string(subtracted) + " frames";
    if (failed > 0) {
        words += " (failed in " + std::to_string(failed) + ")";
    }
    result.warnings.insert(result.warnings.begin(),
                           words + ": residue of motion can pass for contrast");
    if (2 * poor > subtracted && result.conclusion.category == Category::positive) {
        result.conclusion.category = Category::indeterminate;
        result.conclusion.text = "Most frames are poorly subtracted. " + result.conclusion.text;
    }
}

void complete(const Chain& chain, const std::vector<double>& frame_ms, RunResult& result) {
    warn_of_residue(result);
    describe_masks(chain, result);
    result.noise = chain.noise();
    result.opacity_relative = chain.lineariser().relative();
    result.timing.per_frame_p50_ms = quantile(frame_ms, 0.5);
    result.timing.per_frame_p99_ms = quantile(frame_ms, 0.99);
}

void follow_maps(const FrameOutput& out, bool before_contrast, PeakGate& gate,
                 PixelBackend& backend) {
    const PeakGate::Decision taken =
        gate.judge(before_contrast, out.motion.artefact_ratio.value_or(1.0));
    if (taken == PeakGate::Decision::start_anew) {
        backend.begin_maps(out.frame);
    }
    if (taken != PeakGate::Decision::leave_out) {
        backend.follow_maps({out.frame, out.opacity, out.sigma, out.usable});
    }
}

void take_maps(PixelBackend& backend, RunResult& result) {
    if (const RunningMaps* maps = backend.maps()) {
        for (auto [from, to] : {std::pair{maps->peak(), &result.peak_opacity},
                                std::pair{maps->arrival(), &result.arrival_frame}}) {
            to->resize(from.extent());
            copy_pixels(from, to->view());
        }
    }
}

void name_backend(const PixelBackend& backend, RunResult& result) {
    result.backend = backend.name();
    result.device = backend.device();
    if (backend.failure()) {
        result.warnings.push_back(*backend.failure());
    }
}

Result<RunResult> process(FrameSource& source, const PipelineParams& params,
                          const ProcessHooks& hooks) {
    const RunInfo& run = source.info();
    if (auto begun = source.await(0, hooks.stop); !begun) {
        return tl::unexpected(begun.error());
    }
    if (auto fine = check(source, params); !fine) {
        return tl::unexpected(fine.error());
    }
    const auto start = Clock::now();
    RunResult result = start_result(run, params);
    const auto backend = PixelBackend::choose(params.backend, run);
    if (!backend) {
        return tl::unexpected(backend.error());
    }
    if (hooks.on_backend) {
        hooks.on_backend({(*backend)->name(), (*backend)->device(), (*backend)->reason()});
    }
    Chain chain(run, params, *backend);
    if (params.mode == Mode::review) {
        if (auto filled = look_ahead(source, params, hooks, *backend, chain); !filled) {
            return tl::unexpected(filled.error());
        }
    }
    std::optional<Follower> follower;
    if (params.find) {
        follower.emplace(run, params, chain.lineariser().relative(),
                         [&on = **backend](ImageView<const float> image, const LineScale& scale,
                                           LineResponse& response) {
                             on.respond_to_lines(image, scale, response);
                         });
    }
    ViewStages views(run, params, hooks.on_filtered);
    CorridorMonitor corridor(run.spacing);
    PeakGate peak_gate;
    Image<std::uint16_t> words(run.extent);
    ThinnedSeries<double> frame_ms(kMostTimes);
    for (FrameIndex frame = 0;; ++frame) {
        if (hooks.stop.stop_requested()) {
            return fail(ErrorKind::cancelled, name_of(run), "stopped");
        }
        const auto there = source.await(frame, hooks.stop);
        if (!there) {
            return tl::unexpected(there.error());
        }
        if (!*there) {
            break;
        }
        const auto reading = Clock::now();
        if (auto read = source.read(frame, words.view()); !read) {
            return tl::unexpected(read.error());
        }
        result.timing.load_ms += ms_since(reading);
        const auto working = Clock::now();
        FrameOutput out = chain.process(frame, words.view());
        if (follower) {
            const PartTimer timer(out.part_ms, FramePart::findings);
            follower->follow(out, chain.before_contrast(frame));
            if (out.subtracted()) {
                follow_maps(out, chain.before_contrast(frame), peak_gate, **backend);
                corridor.follow({frame, out.mask_registered, out.opacity, out.sigma, out.usable,
                                 out.sums != nullptr ? &out.sums->corridor : nullptr});
            }
        }
        if ((hooks.on_frame && hooks.pictures) || hooks.on_filtered) {
            chain.bring_pictures(out);
        }
        out.gpu = (*backend)->uses();
        out.process_ms = ms_since(working);
        frame_ms.add(out.process_ms);
        result.motion.push_back(out.motion);
        if (hooks.on_frame) {
            if (auto taken = hooks.on_frame(out); !taken) {
                return tl::unexpected(taken.error());
            }
        }
        if (auto taken = views.take(out); !taken) {
            return tl::unexpected(taken.error());
        }
        if (follower && params.mode == Mode::live) {
            follower->report(frame, hooks.on_findings);
        }
        if (hooks.on_done && params.mode == Mode::live) {
            hooks.on_done(frame);
        }
        if (hooks.on_progress) {
            const double part = static_cast<double>(frame + 1) / run.frames;
            hooks.on_progress(params.mode == Mode::review ? kLookAhead + (1.0 - kLookAhead) * part
                                                          : part);
        }
    }
    result.run = run;  // which may have grown
    warn_of_masks_that_never_came(params, result);
    if (follower) {
        follower->report(run.frames - 1, hooks.on_findings);
        follower->finish(result);
        take_maps(**backend, result);
        describe_corridor(corridor, result);
        explain_nothing_subtracted(result);
    }
    complete(chain, frame_ms.items(), result);
    name_backend(**backend, result);
    if (auto taken = views.finish(result); !taken) {
        return tl::unexpected(taken.error());
    }
    result.timing.total_ms = ms_since(start);
    return result;
}

}  // namespace

Result<RunResult> process_run(FrameSource& source, const PipelineParams& params,
                              const ProcessHooks& hooks) {
    try {
        return process(source, params, hooks);
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::internal, name_of(source.info()), "not enough memory for its frames",
                    "close other programs or use a smaller run");
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, name_of(source.info()), error.what());
    }
}

}  // namespace dsm
