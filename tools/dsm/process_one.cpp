#include "tools/dsm/process_one.h"

#include <optional>
#include <utility>

#include "dsp/core/levels.h"
#include "dsp/review/journal_location.h"
#include "dsp/source/open_run.h"

namespace dsm::cli {
namespace {

// What the reader marked in this run; empty where it is not asked for.
Result<RunReview> marks_for(const RunInfo& run, const ProcessRequest& request,
                            const Terminal& terminal) {
    if (request.wanted.exports.kinds.empty() && !request.marks_from_journal) {
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
    // Marks that are exported beside the result name the levels that it speaks of.
    if (params.levels.empty() && marks.levels.size() >= 2) {
        params.levels = marks.levels;
    }
    if (request.marks_from_journal) {
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

Result<RunResult> run_pipeline(FrameSource& source, const RunJob& job, const PipelineParams& params,
                               RunOutputs& outputs, const Terminal& terminal,
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
    outputs.follow(source, hooks);
    return process_run(source, params, hooks);
}

}  // namespace

Result<RunOfStudy> process_one(const RunJob& job, const ProcessRequest& request,
                               const Terminal& terminal, const std::stop_token& stop) {
    auto source = open_run(job.run);
    if (!source) {
        return tl::unexpected(source.error());
    }
    auto marks = marks_for((*source)->info(), request, terminal);
    if (!marks) {
        return tl::unexpected(marks.error());
    }
    const auto params = params_for(job, request, *marks);
    if (!params) {
        return tl::unexpected(params.error());
    }
    auto outputs = RunOutputs::begin(job, request.wanted, std::move(*marks), (*source)->info());
    if (!outputs) {
        return tl::unexpected(outputs.error());
    }
    const auto result = run_pipeline(**source, job, *params, **outputs, terminal, stop);
    if (!result) {
        return tl::unexpected((*outputs)->at_home(result.error()));
    }
    if (auto written = (*outputs)->publish(*result, source->get()); !written) {
        return tl::unexpected(written.error());
    }
    (*outputs)->say(*result, terminal);
    return run_of_study(job.out.filename().string(), *result);
}

}  // namespace dsm::cli
