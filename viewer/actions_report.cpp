// The reading report of the run in front: into a file, or as text to the clipboard.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <map>

#include "dsp/reading/report.h"
#include "viewer/action_table.h"
#include "viewer/marks.h"
#include "viewer/picture_shown.h"
#include "viewer/study/region_curve.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

std::map<MarkId, OpacityCurve> region_curves(const SubtractionJob& job, const RunInfo& info,
                                             const RunReview& review) {
    std::map<MarkId, OpacityCurve> curves;
    for (const auto& annotation : review.annotations) {
        if (is_region(annotation.shape)) {
            curves[annotation.id] =
                region_curve(job, info, pixels_of(annotation.shape, info.extent));
        }
    }
    return curves;
}

// Refused while what it would say is not what the window shows: not finished, outdated, withheld.
Result<reading::Document> report_of(const Workspace& workspace, bool with_identity) {
    const RunSession& run = *workspace.run();
    const std::string file = run.info().file.filename().string();
    if (findings_withheld(workspace)) {
        return fail(ErrorKind::invalid_input, file, "what was found is withheld while you read",
                    "reveal it first" + key_hint(workspace.keys, "reveal-highlights"));
    }
    const auto findings = shown_findings(workspace);
    const SubtractionJob* job = run.newest_job();
    if (const auto failure = run.processing_failure()) {
        return fail(ErrorKind::invalid_input, file, "was not processed: " + *failure);
    }
    if (findings == nullptr || findings->result == nullptr || job == nullptr || !job->finished() ||
        job->snapshot()->result != findings->result) {
        return fail(ErrorKind::invalid_input, file, "is still being processed",
                    "ask for the report when that is done");
    }
    const OpacityOfFrame opacity_of = [job](FrameIndex frame) -> std::optional<Image<float>> {
        Image<float> opacity(job->opacity().extent());
        if (!job->holds(frame) || !job->read_opacity(frame, opacity)) {
            return std::nullopt;
        }
        return opacity;
    };
    return reading_report({*findings->result, workspace.run_review(), opacity_of, with_identity,
                           stamp_now(), region_curves(*job, run.info(), workspace.run_review()),
                           values_in(run, workspace.run_review())});
}

// Beside the run, as the menu has it.
std::filesystem::path usual_file(const RunInfo& run) {
    return run.file.parent_path() / (run.file.stem().string() + "_report.pdf");
}

Result<void> write(Workspace& workspace, const Words& words) {
    constexpr std::array<const char*, 1> kChoices{"anonymous"};
    std::filesystem::path file = usual_file(workspace.run()->info());
    bool with_identity = true;
    if (words.count() > 0) {
        const auto path = words.text(0, "a file name ending in .html, .pdf or .txt");
        if (!path) {
            return tl::unexpected(path.error());
        }
        file = *path;
    }
    if (words.count() > 1) {
        if (const auto choice = words.choice(1, kChoices, "what is left out"); !choice) {
            return tl::unexpected(choice.error());
        }
        with_identity = false;
    }
    const auto report = report_of(workspace, with_identity);
    if (!report) {
        return tl::unexpected(report.error());
    }
    if (auto written = write_report(file, *report); !written) {
        return written;
    }
    workspace.say(fmt::format("Report saved as {}", file.string()));
    return {};
}

Result<void> copy(Workspace& workspace, const Words&) {
    const auto report = report_of(workspace, true);
    if (!report) {
        return tl::unexpected(report.error());
    }
    workspace.requests.clipboard = report_text(*report);
    workspace.say("Report copied as text");
    return {};
}

}  // namespace

void add_report_actions(ActionTable& table) {
    table.add({"report",
               "Save report (PDF beside the run)",
               "Ctrl+P",
               "[FILE.html|FILE.pdf|FILE.txt [anonymous]]",
               Menu::file,
               has_run,
               write,
               {}});
    table.add(
        {"report-copy", "Copy report as text", "Ctrl+Shift+C", "", Menu::file, has_run, copy, {}});
}

}  // namespace dsm::viewer
