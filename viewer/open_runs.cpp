#include "viewer/open_runs.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/levels.h"
#include "dsp/dicom/dicom_folder.h"
#include "dsp/source/open_run.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

std::optional<std::size_t> already_open(const Study& study, const std::filesystem::path& file) {
    for (std::size_t i = 0; i < study.runs.size(); ++i) {
        // The name of a run of single frames is no file that could be compared.
        const std::filesystem::path& known = study.runs[i]->info().file;
        std::error_code ignored;
        if (known == file || std::filesystem::equivalent(known, file, ignored)) {
            return i;
        }
    }
    return std::nullopt;
}

// A levels file beside the run, as the command line's --levels takes it.
std::vector<LevelMark> levels_beside(const std::filesystem::path& file) {
    auto levels = read_levels_in(file.parent_path());
    if (!levels) {
        spdlog::warn("{}", levels.error().message());
        return {};
    }
    return std::move(*levels);
}

// What the reader has to be told goes to `notices`.
Result<std::size_t> open_file(Workspace& workspace, const std::filesystem::path& file,
                              std::vector<std::string>& notices) {
    if (const auto known = already_open(workspace.study, file)) {
        return *known;
    }
    auto run = RunSession::open(file, workspace.wake);
    if (!run) {
        return tl::unexpected(run.error());
    }
    if (auto said = workspace.desk.admit((*run)->info()); !said.empty()) {
        notices.push_back(std::move(said));
    }
    RunView view;
    view.given_levels = levels_beside(file);
    workspace.study.runs.push_back(std::move(*run));
    workspace.view.runs.push_back(std::move(view));
    return workspace.study.runs.size() - 1;
}

}  // namespace

Result<void> open_runs(Workspace& workspace, const std::filesystem::path& path) {
    const auto files = find_runs(path);
    if (!files) {
        return tl::unexpected(files.error());
    }
    std::optional<std::size_t> first;
    std::optional<Error> refusal;
    std::size_t refused = 0;
    std::vector<std::string> notices;
    for (const auto& file : *files) {
        const auto index = open_file(workspace, file, notices);
        if (index) {
            first = first.value_or(*index);
        } else {
            refusal = refusal.value_or(index.error());
            ++refused;
        }
    }
    if (!first) {
        return tl::unexpected(*refusal);
    }
    show_run(workspace, *first);
    if (refused > 0) {
        workspace.complain(fmt::format("{} of {} files could not be opened; the first: {}", refused,
                                       files->size(), refusal->message()));
    } else {
        workspace.say(notices.empty() ? fmt::format("Opened {}", path.filename().string())
                                      : notices.front());
    }
    return {};
}

bool holds_many(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored) ||
           (std::filesystem::is_regular_file(path, ignored) &&
            file_kind(path) == FileKind::directory);
}

void close_current_run(Workspace& workspace) {
    const auto at = static_cast<std::ptrdiff_t>(workspace.study.current);
    workspace.study.runs.erase(workspace.study.runs.begin() + at);
    workspace.view.runs.erase(workspace.view.runs.begin() + at);
    workspace.study.current = 0;
    if (!workspace.study.runs.empty()) {
        show_run(workspace,
                 std::min(static_cast<std::size_t>(at), workspace.study.runs.size() - 1));
    }
}

}  // namespace dsm::viewer
