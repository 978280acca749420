#include "tools/dsm/process_one.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "dsp/core/levels.h"
#include "dsp/pipeline/candidates_json.h"
#include "dsp/pipeline/npy.h"
#include "dsp/pipeline/pictures.h"
#include "dsp/pipeline/result_json.h"
#include "dsp/pipeline/shift_approximation.h"
#include "dsp/review/journal_location.h"
#include "dsp/source/open_run.h"
#include "tools/dsm/export_report.h"
#include "tools/dsm/picture_values.h"

namespace dsm::cli {
namespace {

// What the reader marked in this run; empty where it is not asked for.
Result<RunReview> marks_for(const RunInfo& run, const ProcessRequest& request,
                            const Terminal& terminal) {
    if (request.exports.kinds.empty() && !request.marks_from_journal) {
        return RunReview{};
    }
    std::vector<std::string> notices;
    const auto review = read_review_for(run, notices);
    for (const std::string& notice : notices) {
        terminal.warn({ErrorKind::invalid_input, run.file.string(), notice, ""});
    }
    return review.map([&](const Review& all) { return review_of(all, run_key(run)); });
}

Result<PipelineParams> params_for(const RunJob& job, const ProcessRequest& request,
                                  const RunReview& marks) {
    PipelineParams params = request.params;
    if (request.marks_from_journal) {
        params.levels =
            params.levels.empty() && marks.levels.size() >= 2 ? marks.levels : params.levels;
        params.masks =
            params.masks.empty() && marks.mask_frames ? *marks.mask_frames : params.masks;
        params.manual_shift_px = marks.manual_shift_px.value_or(Point{});
    }
    if (request.levels_beside_run) {
        auto beside = read_levels_in(job.run.parent_path());
        if (!beside) {
            return tl::unexpected(beside.error());
        }
        if (!beside->empty()) {
            params.levels = std::move(*beside);
        }
    }
    return params;
}

// Opens `dump` where it is wanted.
Result<void> start_dump(bool wanted, const ResultFolder& folder, const char* name,
                        const FrameSource& source, std::optional<NpyWriter>& dump) {
    if (!wanted) {
        return {};
    }
    auto writer =
        NpyWriter::create(folder.staged(name), source.info().frames, source.info().extent);
    if (!writer) {
        return tl::unexpected(writer.error());
    }
    dump = std::move(*writer);
    return {};
}

Result<RunResult> run_pipeline(FrameSource& source, const RunJob& job,
                               const ProcessRequest& request, const PipelineParams& params,
                               std::optional<SubtractedRun>& subtracted, KeptForMarks& kept,
                               const ResultFolder& folder, const Terminal& terminal,
                               const std::stop_token& stop) {
    ProcessHooks hooks;
    hooks.stop = stop;
    ProgressBar bar(terminal, job.title);
    hooks.on_backend = [&](const BackendChoice& chosen) {
        const Error line{ErrorKind::internal, job.run.string(),
                         "backend " + chosen.name + ", " + chosen.device, chosen.reason};
        chosen.name == "gpu" ? terminal.note(line.message()) : terminal.detail(line);
    };
    hooks.on_progress = [&bar](double fraction) { bar.show(fraction); };
    std::optional<NpyWriter> opacity;
    std::optional<NpyWriter> filtered;
    if (auto open = start_dump(request.dump_opacity, folder, "opacity.npy", source, opacity);
        !open) {
        return tl::unexpected(open.error());
    }
    if (auto open = start_dump(request.dump_filtered, folder, "filtered.npy", source, filtered);
        !open) {
        return tl::unexpected(open.error());
    }
    if (opacity || subtracted) {
        hooks.on_frame = [&](const FrameOutput& frame) {
            if (subtracted) {
                subtracted->append(frame.opacity);
                kept.regions.add(frame, source.info());
            }
            return opacity ? opacity->append(frame.opacity) : Result<void>{};
        };
    }
    if (filtered || !kept.filtered.empty()) {
        hooks.on_filtered = [&](FrameIndex index, ImageView<const float> frame) {
            if (const auto wanted = kept.filtered.find(index); wanted != kept.filtered.end()) {
                wanted->second = Image<float>(frame.extent());
                copy_pixels(frame, wanted->second.view());
            }
            return filtered ? filtered->append(frame) : Result<void>{};
        };
    }
    auto result = process_run(source, params, hooks);
    for (auto* dump : {&opacity, &filtered}) {
        if (result && *dump) {
            if (auto whole = (*dump)->finish(); !whole) {
                return tl::unexpected(whole.error());
            }
        }
    }
    return result;
}

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

Result<void> write_objects(const RunResult& result, const RunReview& marks,
                           const ProcessRequest& request,
                           const std::optional<SubtractedRun>& subtracted, const KeptForMarks& kept,
                           FrameSource& source, const ResultFolder& folder,
                           const Terminal& terminal) {
    const ValuesOfPicture values_of =
        subtracted ? picture_values(source, result, *subtracted, kept) : ValuesOfPicture{};
    if (subtracted && request.exports.kinds.contains(ExportKind::report)) {
        if (auto written = export_report(result, marks, *subtracted, kept, values_of,
                                         request.exports.author, folder);
            !written) {
            return written;
        }
    }
    if (subtracted && request.exports.kinds.contains(ExportKind::video)) {
        if (auto written = export_video(result, marks, *subtracted, folder); !written) {
            return written;
        }
    }
    if (!needs_objects(request.exports)) {
        return {};
    }
    std::optional<double> rms_difference;
    if (subtracted && request.exports.kinds.contains(ExportKind::gsps)) {
        const auto measured = shift_rms_difference(source, result, [&](FrameIndex frame) {
            return subtracted->opacity_of(frame, result.run.extent);
        });
        if (!measured) {
            return tl::unexpected(measured.error());
        }
        rms_difference = *measured;
    }
    std::vector<Error> notes;
    const auto written =
        export_objects(request.exports, result, marks, rms_difference,
                       subtracted ? &*subtracted : nullptr, values_of, folder, notes);
    for (const Error& note : notes) {
        terminal.warn(note);
    }
    return written ? Result<void>() : tl::unexpected(written.error());
}

Result<void> write_result(const RunResult& result, const ProcessRequest& request,
                          const ResultFolder& folder) {
    if (request.objects_alone) {
        return {};
    }
    return write_overview(folder.staged("overview.png"), result)
        .and_then([&] { return write_variance(result, request.dump_variance, folder); })
        .and_then([&] {
            return request.dump_candidates
                       ? write_candidates(folder.staged("candidates.json"), result.candidates)
                       : Result<void>{};
        })
        .and_then([&] { return write_timeline(folder.staged("timeline.png"), result); })
        .and_then([&] { return write_result_json(folder.staged("result.json"), result); });
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

// The hidden folder a file was staged in means nothing to the person: name where it should have
// gone.
Error at_home(Error error, const RunJob& job, const ResultFolder& folder) {
    const std::string hidden = folder.staged("").string();
    if (const auto at = error.subject.find(hidden); at != std::string::npos) {
        error.subject.replace(at, hidden.size(), (job.out / "").string());
    }
    return error;
}

}  // namespace

Result<void> publish_result(const RunJob& job, const RunResult& result, const Terminal& terminal) {
    auto folder = ResultFolder::create(job.out);
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    const auto written =
        write_result(result, {}, *folder).and_then([&] { return folder->publish(); });
    if (!written) {
        return tl::unexpected(at_home(written.error(), job, *folder));
    }
    say_warnings(job, result, terminal);
    say_details(job, result, terminal);
    say_result(job, result, false);
    return {};
}

Result<RunOfStudy> process_one(const RunJob& job, const ProcessRequest& request,
                               const Terminal& terminal, const std::stop_token& stop) {
    auto source = open_run(job.run);
    if (!source) {
        return tl::unexpected(source.error());
    }
    auto folder = ResultFolder::create(job.out);
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    const auto marks = marks_for((*source)->info(), request, terminal);
    if (!marks) {
        return tl::unexpected(marks.error());
    }
    const auto params = params_for(job, request, *marks);
    if (!params) {
        return tl::unexpected(params.error());
    }
    std::optional<SubtractedRun> subtracted;
    if (needs_frames(request.exports.kinds)) {
        auto begun = SubtractedRun::begin((*source)->info());
        if (!begun) {
            return tl::unexpected(begun.error());
        }
        subtracted = std::move(*begun);
    }
    KeptForMarks kept = subtracted ? wanted_for(*marks, (*source)->info()) : KeptForMarks{};
    const auto result =
        run_pipeline(**source, job, request, *params, subtracted, kept, *folder, terminal, stop);
    if (!result) {
        return tl::unexpected(at_home(result.error(), job, *folder));
    }
    const auto written = write_result(*result, request, *folder)
                             .and_then([&] {
                                 return write_objects(*result, *marks, request, subtracted, kept,
                                                      **source, *folder, terminal);
                             })
                             .and_then([&] { return folder->publish(); });
    if (!written) {
        return tl::unexpected(at_home(written.error(), job, *folder));
    }
    say_warnings(job, *result, terminal);
    say_details(job, *result, terminal);
    say_result(job, *result, request.objects_alone);
    return run_of_study(job.out.filename().string(), *result);
}

}  // namespace dsm::cli
