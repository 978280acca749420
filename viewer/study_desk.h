// The study browser's state: what was searched for runs, what was found, what is chosen of it.
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "viewer/study/study_scan.h"

namespace dsm::viewer {

struct Workspace;

struct StudyDesk {
    std::vector<ListedRun> runs;                      // as study_rows.h orders them
    std::vector<std::filesystem::path> selected;      // of those that can be opened; two at most
    std::unique_ptr<StudyScan> scan;                  // null while nothing is searched
    std::deque<std::filesystem::path> waiting;        // to be searched after it
    std::vector<std::unique_ptr<StudyScan>> leaving;  // given up, not yet ended
    std::string said;                                 // of the last search; may be empty
    std::optional<Error> failure;                     // instead of it
};

// Adds what lies there to the list, in the background; what is listed already is read anew.
void search_for_runs(Workspace& workspace, const std::filesystem::path& path);
// What was found so far stays listed.
void give_up_search(Workspace& workspace);
// Forgets the list; what is open stays so.
void clear_studies(Workspace& workspace);
// Run `at` of the list alone, or, with `beside`, together with the one chosen before; chosen anew
// it is left out. Errors: there is none, it cannot be opened.
[[nodiscard]] Result<void> choose_listed(Workspace& workspace, std::size_t at, bool beside);
// Opens what is chosen: one run in front, or two beside each other. The browser closes.
[[nodiscard]] Result<void> open_chosen(Workspace& workspace);
// Opens every run of the study of the one chosen, which comes to the front.
[[nodiscard]] Result<void> open_study(Workspace& workspace);

// Takes in what has come of a search, once a frame. True: there is something new to see.
bool tend_studies(Workspace& workspace);

}  // namespace dsm::viewer
