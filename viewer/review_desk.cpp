#include "viewer/review_desk.h"

#include <utility>

namespace dsm::viewer {

Result<std::optional<Command>> ReviewDesk::carry_out(const Command& command) {
    auto inverse = try_execute(review_, command);
    if (inverse && *inverse) {
        ++revision_;
    }
    return inverse;
}

Result<std::string> ReviewDesk::perform(const Command& command) {
    auto inverse = carry_out(command);
    if (!inverse) {
        return tl::unexpected(inverse.error());
    }
    auto words = describe(command);
    if (*inverse) {
        undo_.push_back({std::move(**inverse), words});
        redo_.clear();
    }
    return words;
}

Result<std::string> ReviewDesk::undo() {
    if (undo_.empty()) {
        return fail(ErrorKind::invalid_input, "undo", "there is nothing to undo");
    }
    auto inverse = carry_out(undo_.back().command);
    if (!inverse) {
        return tl::unexpected(inverse.error());
    }
    auto words = std::move(undo_.back().words);
    undo_.pop_back();
    if (*inverse) {
        redo_.push_back({std::move(**inverse), words});
    }
    return "Undone: " + words;
}

Result<std::string> ReviewDesk::redo() {
    if (redo_.empty()) {
        return fail(ErrorKind::invalid_input, "redo", "there is nothing to redo");
    }
    auto inverse = carry_out(redo_.back().command);
    if (!inverse) {
        return tl::unexpected(inverse.error());
    }
    auto words = std::move(redo_.back().words);
    redo_.pop_back();
    if (*inverse) {
        undo_.push_back({std::move(**inverse), words});
    }
    return "Done again: " + words;
}

}  // namespace dsm::viewer
