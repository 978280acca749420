#include "dsp/evaluation/finding_trial.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "dsp/core/atomic_file.h"
#include "dsp/core/levels.h"
#include "dsp/evaluation/finding_peers.h"
#include "dsp/evaluation/trial_run.h"
#include "dsp/pipeline/candidates_json.h"
#include "dsp/pipeline/result_json.h"
#include "dsp/pipeline/text_table.h"

namespace dsm::evaluation {
namespace {

namespace fs = std::filesystem;

std::string folder_of(const std::string& method) {
    std::string name;
    for (const char c : method) {
        name += c == ' ' ? "_" : c == ',' ? "" : std::string(1, c);
    }
    return name;
}

Result<void> make_folder(const fs::path& folder) {
    std::error_code made;
    fs::create_directories(folder, made);
    if (made) {
        return fail(ErrorKind::io, folder.string(), "cannot be made: " + made.message(),
                    "choose another folder with --out");
    }
    return {};
}

Result<void> keep_result(const RunResult& result, const fs::path& folder) {
    return make_folder(folder).and_then(
        [&] { return write_result_json(folder / "result.json", result); });
}

Result<void> keep_truth(const fs::path& truth, const fs::path& folder) {
    std::ifstream file(truth, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return make_folder(folder).and_then(
        [&] { return write_file_atomically(folder / "truth.json", text); });
}

Result<PipelineParams> params_for(const fs::path& folder, const FindingTrialOptions& options) {
    PipelineParams params;
    params.mode = options.mode;
    params.calibration = options.calibration;
    auto levels = read_levels_in(folder);
    if (!levels) {
        return tl::unexpected(levels.error());
    }
    params.levels = std::move(*levels);
    return params;
}

// What a map says, as a result: as ours, but for its highlights.
RunResult result_of(const RunResult& ours, const std::vector<Spot>& spots, double scale) {
    RunResult result;
    result.run = ours.run;
    result.params = ours.params;
    result.backend = ours.backend;
    result.device = ours.device;
    result.mask_frames = ours.mask_frames;
    result.noise = ours.noise;
    result.conclusion.text = "A simple map, for comparison: its highlights are an order only.";
    for (const Spot& spot : spots) {
        Highlight highlight;
        highlight.id = static_cast<int>(result.highlights.size()) + 1;
        highlight.kind = LeakKind::csf_venous_fistula;
        highlight.confidence = spot.score / (spot.score + scale);
        highlight.alarm_frame = ours.run.frames - 1;
        highlight.seed_px = spot.at_px;
        highlight.path_px = {spot.at_px};
        highlight.why = "A place where the map is large.";
        result.highlights.push_back(std::move(highlight));
    }
    return result;
}

Result<void> try_peers(const KeptRun& kept, const RunResult& ours, FrameIndex first_contrast,
                       const fs::path& out, const std::string& run) {
    for (const FindingPeer& peer : finding_peers()) {
        const Image<float> map = peer.map(kept, std::max(1, first_contrast));
        const RunResult result = result_of(ours, spots_of(map, kept), peer.scale);
        if (auto written = keep_result(result, out / folder_of(peer.name) / run); !written) {
            return written;
        }
    }
    return {};
}

}  // namespace

Result<void> try_findings(const fs::path& folder, const FindingTrialOptions& options,
                          const fs::path& out) {
    const auto trial = open_trial_run(folder);
    if (!trial) {
        return tl::unexpected(trial.error());
    }
    const auto params = params_for(folder, options);
    if (!params) {
        return tl::unexpected(params.error());
    }
    KeptRun kept(trial->source->info());
    ProcessHooks hooks;
    hooks.stop = options.stop;
    hooks.on_progress = options.on_progress;
    hooks.on_frame = [&](const FrameOutput& frame) -> Result<void> {
        kept.keep(frame);
        return {};
    };
    const auto ours = process_run(*trial->source, *params, hooks);
    if (!ours) {
        return tl::unexpected(ours.error());
    }
    const std::string& run = trial->name;
    const fs::path mine = out / kOurMethod / run;
    return keep_result(*ours, mine)
        .and_then([&] { return write_candidates(mine / "candidates.json", ours->candidates); })
        .and_then(
            [&] { return try_peers(kept, *ours, trial->truth.first_contrast_frame, out, run); })
        .and_then([&] { return keep_truth(folder / "truth.json", out / "truths" / run); });
}

Result<std::vector<NamedScore>> score_findings(const fs::path& out) {
    std::vector<std::string> names{kOurMethod};
    for (const FindingPeer& peer : finding_peers()) {
        names.push_back(peer.name);
    }
    std::vector<NamedScore> methods;
    for (const std::string& name : names) {
        auto score = evaluate(out / folder_of(name), out / "truths");
        if (!score) {
            return tl::unexpected(score.error());
        }
        methods.push_back({name, std::move(*score)});
    }
    std::string csv =
        "method,runs,true_leaks,sensitivity_at_0.25_false_per_run,sensitivity_at_0.5,"
        "sensitivity_at_1,free_response_area\n";
    for (const NamedScore& each : methods) {
        const Totals totals = totals_of(each.score);
        csv += folder_of(each.name) + "," + std::to_string(totals.runs) + "," +
               std::to_string(totals.truths) + "," + figure(totals.sensitivity_at_quarter, 4) +
               "," + figure(totals.sensitivity_at_half, 4) + "," +
               figure(totals.sensitivity_at_one, 4) + "," + figure(totals.free_response_area, 4) +
               "\n";
    }
    const auto written =
        write_file_atomically(out / "methods.csv", csv)
            .and_then(
                [&] { return write_file_atomically(out / "methods.txt", methods_table(methods)); })
            .and_then([&] { return write_free_responses(methods, out / "free_response.png"); });
    if (!written) {
        return tl::unexpected(written.error());
    }
    return methods;
}

std::string methods_table(const std::vector<NamedScore>& methods) {
    TextTable rows{{"method", "at .25", "at .5", "at 1", "area"}};
    for (const NamedScore& each : methods) {
        const Totals totals = totals_of(each.score);
        rows.push_back({each.name, figure(totals.sensitivity_at_quarter, 3),
                        figure(totals.sensitivity_at_half, 3), figure(totals.sensitivity_at_one, 3),
                        figure(totals.free_response_area, 3)});
    }
    const Totals any = totals_of(methods.front().score);
    return "Sensitivity at so many false alarms per run; " + std::to_string(any.runs) + " runs, " +
           std::to_string(any.truths) + " true leaks\n" + aligned(rows);
}

}  // namespace dsm::evaluation
