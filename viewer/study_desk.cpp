#include "viewer/study_desk.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "viewer/open_runs.h"
#include "viewer/study_rows.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

namespace fs = std::filesystem;

// One that is listed already is replaced.
void take_in(StudyDesk& desk, std::vector<ListedRun> news) {
    for (ListedRun& run : news) {
        const auto known = std::find_if(desk.runs.begin(), desk.runs.end(), [&](const auto& each) {
            return each.info.file == run.info.file;
        });
        if (known == desk.runs.end()) {
            desk.runs.push_back(std::move(run));
        } else {
            *known = std::move(run);
        }
    }
    sort_runs(desk.runs);
}

void begin_next(Workspace& workspace) {
    StudyDesk& desk = workspace.studies;
    if (desk.scan == nullptr && !desk.waiting.empty()) {
        const auto path = std::move(desk.waiting.front());
        desk.waiting.pop_front();
        desk.scan = std::make_unique<StudyScan>(path, workspace.wake);
    }
}

// A reader who presses Enter gets the first run.
void choose_something(StudyDesk& desk) {
    if (desk.selected.empty() && !desk.runs.empty() && desk.runs.front().refusal.empty()) {
        desk.selected = {desk.runs.front().info.file};
    }
}

Result<std::size_t> index_of_chosen(const StudyDesk& desk) {
    if (desk.selected.empty()) {
        return fail(ErrorKind::invalid_input, "studies", "no run is chosen", "choose one first");
    }
    const auto at = std::find_if(desk.runs.begin(), desk.runs.end(), [&](const auto& run) {
        return run.info.file == desk.selected.front();
    });
    return static_cast<std::size_t>(at - desk.runs.begin());
}

}  // namespace

void search_for_runs(Workspace& workspace, const fs::path& path) {
    StudyDesk& desk = workspace.studies;
    std::error_code ignored;
    const auto whole = fs::weakly_canonical(path, ignored);
    desk.waiting.push_back(whole.empty() ? path : whole);
    desk.failure.reset();
    desk.said.clear();
    begin_next(workspace);
}

void give_up_search(Workspace& workspace) {
    StudyDesk& desk = workspace.studies;
    desk.waiting.clear();
    if (desk.scan != nullptr) {
        desk.scan->request_stop();
        take_in(desk, desk.scan->take_news());
        choose_something(desk);
        desk.said =
            fmt::format("Cancelled: {} runs are listed, there may be more", desk.runs.size());
        desk.leaving.push_back(std::move(desk.scan));
    }
}

void clear_studies(Workspace& workspace) {
    give_up_search(workspace);
    workspace.studies.runs.clear();
    workspace.studies.selected.clear();
    workspace.studies.said.clear();
    workspace.studies.failure.reset();
}

Result<void> choose_listed(Workspace& workspace, std::size_t at, bool beside) {
    StudyDesk& desk = workspace.studies;
    if (at >= desk.runs.size()) {
        return fail(ErrorKind::invalid_input, "studies",
                    fmt::format("{} runs are listed", desk.runs.size()), "name one of them");
    }
    if (!desk.runs[at].refusal.empty()) {
        return fail(ErrorKind::invalid_input, desk.runs[at].info.file.string(),
                    "cannot be opened: " + desk.runs[at].refusal);
    }
    const auto& file = desk.runs[at].info.file;
    if (!beside) {
        desk.selected = {file};
    } else if (std::erase(desk.selected, file) == 0) {
        desk.selected.resize(std::min<std::size_t>(desk.selected.size(), 1));
        desk.selected.push_back(file);
    }
    return {};
}

Result<void> open_chosen(Workspace& workspace) {
    const auto chosen = workspace.studies.selected;
    if (const auto any = index_of_chosen(workspace.studies); !any) {
        return tl::unexpected(any.error());
    }
    if (auto opened = open_runs(workspace, chosen.front()); !opened) {
        return opened;
    }
    const auto front = workspace.study.current;
    if (chosen.size() > 1) {
        if (auto opened = open_runs(workspace, chosen[1]); !opened) {
            return opened;
        }
        const auto other = workspace.study.current;
        show_run(workspace, front);
        if (auto shown = show_beside(workspace, other); !shown) {
            return shown;
        }
        workspace.view.other_run_is_left = false;  // as they were chosen
    }
    workspace.view.studies_shown = false;
    return {};
}

Result<void> open_study(Workspace& workspace) {
    const auto chosen = index_of_chosen(workspace.studies);
    if (!chosen) {
        return tl::unexpected(chosen.error());
    }
    const auto& runs = workspace.studies.runs;
    std::optional<Error> refusal;
    std::size_t opened = 0;
    for (const std::size_t at : same_study(runs, *chosen)) {
        if (auto done = open_runs(workspace, runs[at].info.file)) {
            ++opened;
        } else {
            refusal = refusal.value_or(done.error());
        }
    }
    if (opened == 0) {
        return tl::unexpected(*refusal);
    }
    workspace.view.studies_shown = false;
    if (auto front = open_runs(workspace, runs[*chosen].info.file); !front) {
        return front;
    }
    if (refusal) {
        workspace.complain("Not all runs could be opened; the first: " + refusal->message());
    } else {
        workspace.say(fmt::format("{} runs are open", opened));
    }
    return {};
}

bool tend_studies(Workspace& workspace) {
    StudyDesk& desk = workspace.studies;
    std::erase_if(desk.leaving, [](const auto& scan) { return scan->outcome().has_value(); });
    if (desk.scan == nullptr) {
        return false;
    }
    const auto outcome = desk.scan->outcome();  // before the news, which then are all of it
    auto news = desk.scan->take_news();
    const bool changed = !news.empty();
    if (changed) {
        take_in(desk, std::move(news));
        choose_something(desk);
    }
    if (!outcome) {
        return changed;
    }
    if (*outcome) {
        desk.said = fmt::format("{}: {} run{}", desk.scan->path().string(), **outcome,
                                **outcome == 1 ? "" : "s");
    } else {
        desk.failure = outcome->error();
        workspace.requests.failure = outcome->error();
    }
    desk.scan.reset();
    begin_next(workspace);
    return true;
}

}  // namespace dsm::viewer
