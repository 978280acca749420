#include "tools/dsm/run_outputs.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "dsp/pipeline/candidates_json.h"
#include "dsp/pipeline/pictures.h"
#include "dsp/pipeline/result_json.h"
#include "dsp/pipeline/shift_approximation.h"
#include "tools/dsm/export_report.h"

namespace dsm::cli {
namespace {

// The mask-free view; a run of one frame has none.
Result<void> write_variance(const RunResult& result, bool dump, const ResultFolder& folder) {
    if (result.temporal_variance.empty()) {
        return {};
    }
    auto written = write_variance_picture(folder.staged("variance.png"), result);
    return written && dump
               ? write_npy(folder.staged("variance.npy"), result.temporal_variance.view())
               : written;
}

void say_warnings(const RunJob& job, const RunResult& result, const Terminal& terminal) {
    for (const auto* warnings : {&result.run.warnings, &result.warnings}) {
        for (const std::string& warning : *warnings) {
            terminal.warn({ErrorKind::invalid_input, job.run.string(), warning, ""});
        }
    }
}

void say_details(const RunJob& job, const RunResult& result, const Terminal& terminal) {
    char figures[200];
    std::snprintf(figures, sizeof figures,
                  "%d frames of %d x %d, %zu mask frames, backend %s, %.1f ms a frame (median), "
                  "%.1f ms (99 %%), %.1f s in all",
                  result.run.frames, result.run.extent.height, result.run.extent.width,
                  result.mask_frames.size(), result.backend.c_str(), result.timing.per_frame_p50_ms,
                  result.timing.per_frame_p99_ms, result.timing.total_ms / 1000.0);
    terminal.detail({ErrorKind::internal, job.run.string(), figures, ""});
}

// Empty where it was not measured: the reason is in result.json.
std::string corridor_words(const RunResult& result) {
    if (!result.corridor.median_mm || !result.corridor.high_mm) {
        return "";
    }
    constexpr double kShown_mm = 0.005;  // what two decimals can tell from nothing
    const auto words = [](double residual_mm) {
        char text[40];
        std::snprintf(text, sizeof text, "%.2f mm", residual_mm);
        return residual_mm < kShown_mm ? std::string("not above noise") : std::string(text);
    };
    return "; residual beside the spine " + words(*result.corridor.median_mm) +
           " (95 %: " + words(*result.corridor.high_mm) + ")";
}

void say_result(const RunJob& job, const RunResult& result, bool objects_alone) {
    const auto leaks =
        std::count_if(result.highlights.begin(), result.highlights.end(),
                      [](const Highlight& h) { return is_leak(h.kind) && h.grade != Grade::low; });
    const Error line{ErrorKind::internal, (job.out / (objects_alone ? "" : "result.json")).string(),
                     std::string(to_string(result.conclusion.category)) + ", " +
                         std::to_string(leaks) + (leaks == 1 ? " leak" : " leaks") + " highlighted",
                     result.conclusion.text + corridor_words(result)};
    std::printf("%s\n", line.message().c_str());
    std::fflush(stdout);
}

}  // namespace

RunOutputs::RunOutputs(RunJob job, WantedOutputs wanted, RunReview marks, bool live)
    : job_(std::move(job)), wanted_(std::move(wanted)), marks_(std::move(marks)), live_(live) {}

Result<std::unique_ptr<RunOutputs>> RunOutputs::begin(RunJob job, WantedOutputs wanted,
                                                      RunReview marks, const RunInfo& run,
                                                      bool live) {
    std::unique_ptr<RunOutputs> outputs(
        new RunOutputs(std::move(job), std::move(wanted), std::move(marks), live));
    if (auto started = outputs->start(run); !started) {
        return tl::unexpected(outputs->at_home(started.error()));
    }
    return outputs;
}

Result<void> RunOutputs::make_folder() {
    if (folder_) {
        return {};
    }
    return ResultFolder::create(job_.out).map(
        [&](ResultFolder&& made) { folder_.emplace(std::move(made)); });
}

// Where nothing is written before its end, a live run leaves nothing when it is killed.
Result<void> RunOutputs::start(const RunInfo& run) {
    if (!live_ || wanted_.dump_opacity || wanted_.dump_filtered) {
        if (auto made = make_folder(); !made) {
            return made;
        }
    }
    const auto frames = live_ ? std::nullopt : std::optional(run.frames);
    const auto open = [&](bool wanted, const char* name, std::optional<NpyWriter>& array) {
        if (!wanted) {
            return Result<void>{};
        }
        return NpyWriter::create(folder_->staged(name), frames, run.extent)
            .map([&](NpyWriter&& made) { array = std::move(made); });
    };
    if (auto opened = open(wanted_.dump_opacity, "opacity.npy", opacity_); !opened) {
        return opened;
    }
    if (auto opened = open(wanted_.dump_filtered, "filtered.npy", filtered_); !opened) {
        return opened;
    }
    if (needs_frames(wanted_.exports.kinds)) {
        auto begun = SubtractedRun::begin(run);
        if (begun) {
            subtracted_ = std::move(*begun);
            kept_ = wanted_for(marks_, run);
        } else if (live_) {
            not_exported_ = begun.error();
        } else {
            return tl::unexpected(begun.error());
        }
    }
    return {};
}

void RunOutputs::follow(const FrameSource& source, ProcessHooks& hooks) {
    if (opacity_ || subtracted_) {
        hooks.on_frame = [this, &source](const FrameOutput& frame) {
            if (subtracted_) {
                if (auto kept = keep(frame, source); !kept) {
                    return kept;
                }
            }
            return opacity_ ? opacity_->append(frame.opacity) : Result<void>{};
        };
    }
    if (filtered_ || !kept_.filtered.empty()) {
        hooks.on_filtered = [this](FrameIndex index, ImageView<const float> frame) {
            if (const auto wanted = kept_.filtered.find(index); wanted != kept_.filtered.end()) {
                wanted->second = Image<float>(frame.extent());
                copy_pixels(frame, wanted->second.view());
            }
            return filtered_ ? filtered_->append(frame) : Result<void>{};
        };
    }
}

// A live run that is more than can be exported loses its export, not its result.
Result<void> RunOutputs::keep(const FrameOutput& frame, const FrameSource& source) {
    auto kept = subtracted_->append(frame.opacity);
    if (kept) {
        kept_.regions.add(frame, source.info());
    } else if (live_) {
        subtracted_.reset();
        not_exported_ = kept.error();
        return {};
    }
    return kept;
}

Result<void> RunOutputs::finish_arrays() {
    for (auto* array : {&opacity_, &filtered_}) {
        if (*array) {
            if (auto whole = (*array)->finish(); !whole) {
                return whole;
            }
        }
    }
    return {};
}

Result<void> RunOutputs::write_result(const RunResult& result) const {
    if (wanted_.objects_alone) {
        return {};
    }
    return write_overview(folder_->staged("overview.png"), result)
        .and_then([&] { return write_variance(result, wanted_.dump_variance, *folder_); })
        .and_then([&] {
            return wanted_.dump_candidates
                       ? write_candidates(folder_->staged("candidates.json"), result.candidates)
                       : Result<void>{};
        })
        .and_then([&] { return write_timeline(folder_->staged("timeline.png"), result); })
        .and_then([&] { return write_result_json(folder_->staged("result.json"), result); });
}

Result<void> RunOutputs::write_film(const RunResult& result) const {
    return subtracted_ && wanted_.exports.kinds.contains(ExportKind::video)
               ? export_video(result, marks_, *subtracted_, *folder_)
               : Result<void>{};
}

Result<void> RunOutputs::write_objects(const RunResult& result, FrameSource& again) {
    const ValuesOfPicture values_of =
        subtracted_ ? picture_values(again, result, *subtracted_, kept_) : ValuesOfPicture{};
    if (subtracted_ && wanted_.exports.kinds.contains(ExportKind::report)) {
        if (auto written = export_report(result, marks_, *subtracted_, kept_, values_of,
                                         wanted_.exports.author, *folder_);
            !written) {
            return written;
        }
    }
    if (!needs_objects(wanted_.exports)) {
        return {};
    }
    std::optional<double> rms_difference;
    if (subtracted_ && wanted_.exports.kinds.contains(ExportKind::gsps)) {
        const auto measured = shift_rms_difference(again, result, [&](FrameIndex frame) {
            return subtracted_->opacity_of(frame, result.run.extent);
        });
        if (!measured) {
            return tl::unexpected(measured.error());
        }
        rms_difference = *measured;
    }
    const auto written =
        export_objects(wanted_.exports, result, marks_, rms_difference,
                       subtracted_ ? &*subtracted_ : nullptr, values_of, *folder_, notes_);
    return written ? Result<void>() : tl::unexpected(written.error());
}

// A run that cannot come again is not lost with its export.
Result<void> RunOutputs::write_exports(const RunResult& result, FrameSource* again) {
    if (not_exported_) {
        return {};
    }
    auto exported = write_film(result).and_then(
        [&] { return again != nullptr ? write_objects(result, *again) : Result<void>{}; });
    if (exported || !live_) {
        return exported;
    }
    not_exported_ = at_home(exported.error());
    return folder_->forget([](const std::string& name) {
        return name.ends_with(".dcm") || name.starts_with("report.") || name == "video.mp4";
    });
}

Result<void> RunOutputs::publish(const RunResult& result, FrameSource* again) {
    const auto written = make_folder()
                             .and_then([&] { return finish_arrays(); })
                             .and_then([&] { return write_result(result); })
                             .and_then([&] { return write_exports(result, again); })
                             .and_then([&] { return folder_->publish(); });
    return written ? Result<void>{} : tl::unexpected(at_home(written.error()));
}

void RunOutputs::say(const RunResult& result, const Terminal& terminal) const {
    for (const Error& note : notes_) {
        terminal.warn(note);
    }
    say_warnings(job_, result, terminal);
    say_details(job_, result, terminal);
    say_result(job_, result, wanted_.objects_alone);
}

Error RunOutputs::at_home(Error error) const {
    if (!folder_) {
        return error;
    }
    const std::string hidden = folder_->staged("").string();
    if (const auto at = error.subject.find(hidden); at != std::string::npos) {
        error.subject.replace(at, hidden.size(), (job_.out / "").string());
    }
    return error;
}

}  // namespace dsm::cli
