#include "viewer/review_desk.h"

#include <spdlog/fmt/fmt.h>

#include "dsp/review/journal_location.h"

namespace dsm::viewer {

namespace {

std::string counted(std::size_t count, const char* one, const char* many) {
    return count == 0 ? std::string() : fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

std::string summary_of(const RunReview& review) {
    std::string text;
    for (const auto& part : {counted(review.levels.size(), "level mark", "level marks"),
                             counted(review.annotations.size(), "annotation", "annotations"),
                             counted(review.key_images.size(), "key image", "key images"),
                             counted(review.verdicts.size(), "verdict", "verdicts"),
                             std::string(review.mask_frames ? "mask choice" : ""),
                             std::string(review.manual_shift_px ? "pixel shift" : "")}) {
        if (!part.empty()) {
            text += text.empty() ? part : ", " + part;
        }
    }
    return text;
}

std::string ReviewDesk::admit(const RunInfo& run) {
    const auto study = study_key(run);
    std::string notices;
    if (!books_.contains(study)) {
        auto journal = open_journal_for(run);
        auto& book = books_[study];
        if (!journal) {
            return "Nothing you mark can be saved: " + journal.error().message();
        }
        for (const auto& notice : journal->notices()) {
            notices += notice + " ";
        }
        book.journal.emplace(std::move(*journal));
    }
    const auto back = summary_of(review_of(review_of_study(study), run_key(run)));
    return back.empty() ? notices : fmt::format("{}Restored from the journal: {}", notices, back);
}

const Review& ReviewDesk::review_of_study(const std::string& study) const {
    static const Review kEmpty;
    const auto found = books_.find(study);
    if (found == books_.end()) {
        return kEmpty;
    }
    const auto& book = found->second;
    return book.journal ? book.journal->review() : book.review;
}

const History& ReviewDesk::history(const std::string& study) const {
    static const History kEmpty;
    const auto found = books_.find(study);
    if (found == books_.end()) {
        return kEmpty;
    }
    const auto& book = found->second;
    return book.journal ? book.journal->history() : book.history;
}

Result<ReviewDesk::Book*> ReviewDesk::book(const std::string& study) {
    const auto found = books_.find(study);
    if (found == books_.end()) {
        return fail(ErrorKind::internal, "review", "no run of this study is open");
    }
    return &found->second;
}

Result<std::string> ReviewDesk::perform(const std::string& study, const Command& command,
                                        const std::string& merge_key, const std::string& label) {
    auto open = book(study);
    if (!open) {
        return tl::unexpected(open.error());
    }
    const Edit edit{command, label, merge_key};
    auto& [journal, review, history] = **open;
    const auto done = journal ? journal->execute(edit) : history.execute(review, edit);
    return done ? Result<std::string>(label.empty() ? describe(command) : label)
                : tl::unexpected(done.error());
}

Result<std::string> ReviewDesk::undo(const std::string& study) {
    auto open = book(study);
    if (!open) {
        return tl::unexpected(open.error());
    }
    auto& [journal, review, history] = **open;
    const auto& entries = this->history(study);
    const auto label =
        entries.can_undo() ? entries.entries()[entries.position() - 1].label : std::string();
    const auto done = journal ? journal->undo() : history.undo(review);
    return done ? Result<std::string>("Undone: " + label) : tl::unexpected(done.error());
}

Result<std::string> ReviewDesk::redo(const std::string& study) {
    auto open = book(study);
    if (!open) {
        return tl::unexpected(open.error());
    }
    auto& [journal, review, history] = **open;
    const auto& entries = this->history(study);
    const auto label =
        entries.can_redo() ? entries.entries()[entries.position()].label : std::string();
    const auto done = journal ? journal->redo() : history.redo(review);
    return done ? Result<std::string>("Done again: " + label) : tl::unexpected(done.error());
}

Result<std::string> ReviewDesk::go_to(const std::string& study, std::size_t position) {
    auto open = book(study);
    if (!open) {
        return tl::unexpected(open.error());
    }
    auto& [journal, review, history] = **open;
    const auto done = journal ? journal->go_to(position) : history.go_to(review, position);
    return done ? Result<std::string>(fmt::format("{} of {} steps done", position,
                                                  this->history(study).entries().size()))
                : tl::unexpected(done.error());
}

std::filesystem::path ReviewDesk::journal_file(const std::string& study) const {
    const auto found = books_.find(study);
    return found == books_.end() || !found->second.journal ? std::filesystem::path()
                                                           : found->second.journal->file();
}

}  // namespace dsm::viewer
