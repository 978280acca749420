#include "dsp/evaluation/trial_run.h"

#include <utility>

#include "dsp/source/open_run.h"

namespace dsm::evaluation {

Result<TrialRun> open_trial_run(const std::filesystem::path& folder) {
    auto truth = read_truth(folder / "truth.json");
    if (!truth) {
        return tl::unexpected(truth.error());
    }
    const auto files = find_runs(folder);
    if (!files) {
        return tl::unexpected(files.error());
    }
    auto source = open_run(files->front());
    if (!source) {
        return tl::unexpected(source.error());
    }
    // Whether it was given with a slash at its end or without.
    const std::filesystem::path plain = std::filesystem::absolute(folder / "").parent_path();
    return TrialRun{plain.filename().string(), std::move(*truth), std::move(*source)};
}

}  // namespace dsm::evaluation
