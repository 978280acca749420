// What people added, one journal per study, each change on the disk before it is acknowledged.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/review/journal.h"

namespace dsm::viewer {

class ReviewDesk {
 public:
    // Opens the journal of the run's study, unless it is open. Returns what the reader has to be
    // told: what came back, where the journal is damaged or belongs to another program, or that
    // nothing can be saved; empty if there is nothing to say.
    [[nodiscard]] std::string admit(const RunInfo& run);

    [[nodiscard]] const Review& review_of_study(const std::string& study) const;
    [[nodiscard]] const History& history(const std::string& study) const;
    // Carries out and records. A refusal, or a disk that fails, changes nothing. Edits that follow
    // each other with the same `merge_key` are one step for undo. Returns what was done in
    // words: `label`, else what the command says.
    [[nodiscard]] Result<std::string> perform(const std::string& study, const Command& command,
                                              const std::string& merge_key = {},
                                              const std::string& label = {});
    [[nodiscard]] Result<std::string> undo(const std::string& study);
    [[nodiscard]] Result<std::string> redo(const std::string& study);
    // Undoes or redoes until so many steps of the history are done.
    [[nodiscard]] Result<std::string> go_to(const std::string& study, std::size_t position);
    // Where the study's changes are kept; empty while they are kept nowhere.
    [[nodiscard]] std::filesystem::path journal_file(const std::string& study) const;

 private:
    // Without a journal the changes live as long as the program, and the reader is told so.
    struct Book {
        std::optional<Journal> journal;
        Review review;
        History history;
    };
    [[nodiscard]] Result<Book*> book(const std::string& study);

    std::map<std::string, Book> books_;
};

// "2 level marks, 1 annotation"; empty for nothing.
[[nodiscard]] std::string summary_of(const RunReview& review);

}  // namespace dsm::viewer
