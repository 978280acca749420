#include "dsp/review/journal.h"

#include <exception>

#include "dsp/review/journal_store.h"

namespace dsm {

Journal::Journal() = default;
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::open(const std::filesystem::path& file, const std::string& study) try {
    Journal journal;
    journal.file_ = file;
    auto opened = JournalStore::open(file, study, [&](const Step& step) {
        return journal.history_.replay(journal.review_, step);
    });
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    journal.history_.seal();
    journal.run_files_ = std::move(opened->content.run_files);
    journal.notices_ = std::move(opened->notices);
    journal.store_ = std::move(opened->store);
    return journal;
} catch (const std::exception& problem) {
    return fail(ErrorKind::internal, file.string(), problem.what(), "keep a copy and report this");
}

KeepStep Journal::keep() {
    return [this](const Step& step) -> Result<void> {
        if (store_ == nullptr) {
            return fail(ErrorKind::io, file_.string(), "is open in another program",
                        "close it there and open the study again; the change was not made");
        }
        auto kept = store_->append(step);
        if (!kept) {
            Error error = kept.error();
            error.subject = file_.string();
            error.remedy +=
                error.remedy.empty() ? "the change was not made" : "; the change was not made";
            return tl::unexpected(error);
        }
        return {};
    };
}

Result<bool> Journal::execute(const Edit& edit) {
    return history_.execute(review_, edit, keep());
}

Result<bool> Journal::undo() {
    return history_.undo(review_, keep());
}

Result<bool> Journal::redo() {
    return history_.redo(review_, keep());
}

Result<void> Journal::go_to(std::size_t position) {
    return history_.go_to(review_, position, keep());
}

Result<void> Journal::remember_run_file(const std::string& run, const std::filesystem::path& file) {
    const auto known = run_files_.find(run);
    if (store_ == nullptr || (known != run_files_.end() && known->second == file)) {
        return {};
    }
    if (auto kept = store_->set_run_file(run, file); !kept) {
        return kept;
    }
    run_files_[run] = file;
    return {};
}

}  // namespace dsm
