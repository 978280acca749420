// The Review with its undo and redo, each change in the journal before it is acknowledged.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/review/commands.h"
#include "dsp/review/review.h"

namespace dsm::viewer {

class ReviewDesk {
 public:
    [[nodiscard]] const Review& review() const { return review_; }
    // Carries out and records; returns what was done in words. Refusals change nothing.
    [[nodiscard]] Result<std::string> perform(const Command& command);
    [[nodiscard]] Result<std::string> undo();
    [[nodiscard]] Result<std::string> redo();
    [[nodiscard]] bool can_undo() const { return !undo_.empty(); }
    [[nodiscard]] bool can_redo() const { return !redo_.empty(); }
    [[nodiscard]] std::filesystem::path journal_file() const { return {}; }
    // Counts changes, so that others notice one.
    [[nodiscard]] unsigned revision() const { return revision_; }

 private:
    struct Step {
        Command command;  // brings the state on the other side back
        std::string words;
    };
    [[nodiscard]] Result<std::optional<Command>> carry_out(const Command& command);

    Review review_;
    std::vector<Step> undo_;
    std::vector<Step> redo_;
    unsigned revision_{0};
};

}  // namespace dsm::viewer
