#include "tools/dsm/evaluate_findings.h"

#include <filesystem>

#include "dsp/pipeline/evaluate.h"
#include "tools/dsm/interrupt.h"
#include "tools/dsm/param_files.h"
#include "tools/dsm/truth_folders.h"

namespace dsm::cli {
namespace {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> folders_of(const std::vector<std::string>& given) {
    std::vector<fs::path> folders;
    for (const std::string& each : given) {
        auto found = truth_folders(each);
        if (!found) {
            return tl::unexpected(found.error());
        }
        folders.insert(folders.end(), found->begin(), found->end());
    }
    return folders;
}

Result<void> try_all(const std::vector<fs::path>& folders, const FindingsRequest& request,
                     const Terminal& terminal) {
    PipelineParams params;
    if (auto read = read_param_files("", request.calibration, params); !read) {
        return read;
    }
    const Interrupt interrupt;
    ProgressBar bar(terminal, "findings");
    evaluation::FindingTrialOptions options;
    options.mode = request.mode;
    options.calibration = params.calibration;
    options.stop = interrupt.token();
    double done = 0.0;
    options.on_progress = [&](double fraction) {
        bar.show((done + fraction) / static_cast<double>(folders.size()));
    };
    for (const fs::path& folder : folders) {
        if (auto tried = evaluation::try_findings(folder, options, request.out); !tried) {
            return tried;
        }
        done += 1.0;
    }
    bar.finish();
    return {};
}

}  // namespace

int evaluate_findings(const FindingsRequest& request, const Terminal& terminal) {
    const auto folders = folders_of(request.inputs);
    if (!folders) {
        return terminal.report(folders.error());
    }
    if (auto tried = try_all(*folders, request, terminal); !tried) {
        return terminal.report(tried.error());
    }
    const auto methods = evaluation::score_findings(request.out);
    if (!methods) {
        return terminal.report(methods.error());
    }
    for (const NamedScore& each : *methods) {
        for (const Error& problem : each.score.problems) {
            terminal.report(problem);
        }
    }
    return terminal.print(evaluation::methods_table(*methods) + "\n" +
                          detail_tables(methods->front().score));
}

}  // namespace dsm::cli
