// The study browser: searching folders for runs, choosing among them, opening.
#include <algorithm>

#include "viewer/action_rows.h"
#include "viewer/action_table.h"
#include "viewer/study_desk.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> search(Workspace& workspace, const Words& words) {
    const auto path = words.text(0, "a folder, a DICOMDIR or a file");
    if (!path) {
        return tl::unexpected(path.error());
    }
    workspace.view.studies_shown = true;
    search_for_runs(workspace, *path);
    return {};
}

// Every word is the number of a run; the second is chosen beside the first.
Result<void> choose(Workspace& workspace, const Words& words) {
    if (words.count() > 2) {
        return words.wrong("two runs at most can be chosen");
    }
    for (std::size_t i = 0; i < std::max<std::size_t>(words.count(), 1); ++i) {
        const auto number = words.whole(i, "the number of a run");
        if (!number) {
            return tl::unexpected(number.error());
        }
        const auto at = static_cast<std::size_t>(*number - 1);  // 0 becomes too large
        if (auto chosen = choose_listed(workspace, at, i > 0); !chosen) {
            return chosen;
        }
    }
    return {};
}

Result<void> choose_beside(Workspace& workspace, const Words& words) {
    const auto number = words.whole(0, "the number of a run");
    return number ? choose_listed(workspace, static_cast<std::size_t>(*number - 1), true)
                  : tl::unexpected(number.error());
}

Result<void> open(Workspace& workspace, const Words& words) {
    if (words.count() > 0) {
        if (auto chosen = choose(workspace, words); !chosen) {
            return chosen;
        }
    }
    return open_chosen(workspace);
}

Action plain(const char* name, const char* label, void (*act)(Workspace&)) {
    return {name,
            label,
            "",
            "",
            Menu::none,
            always,
            [act](Workspace& w, const Words&) -> Result<void> {
                act(w);
                return {};
            },
            {}};
}

}  // namespace

void add_study_actions(ActionTable& table) {
    table.add(flag("studies", "Studies...", "Ctrl+B", Menu::file, &ViewState::studies_shown));
    table.add({"studies-search",
               "List the runs of a folder or DICOMDIR",
               "",
               "PATH",
               Menu::none,
               always,
               search,
               {}});
    table.add({"studies-choose",
               "Choose one run of the list, or two",
               "",
               "NUMBER [NUMBER]",
               Menu::none,
               always,
               choose,
               {}});
    table.add({"studies-beside",
               "Choose a run of the list beside the one chosen",
               "",
               "NUMBER",
               Menu::none,
               always,
               choose_beside,
               {}});
    table.add({"studies-open",
               "Open what is chosen in the list, two side by side",
               "",
               "[NUMBER [NUMBER]]",
               Menu::none,
               always,
               open,
               {}});
    table.add({"studies-open-all",
               "Open all runs of the study chosen in the list",
               "",
               "",
               Menu::none,
               always,
               [](Workspace& w, const Words&) { return open_study(w); },
               {}});
    table.add(plain("studies-cancel", "Cancel the search for runs", give_up_search));
    table.add(plain("studies-clear", "Empty the list of runs found", clear_studies));
}

}  // namespace dsm::viewer
