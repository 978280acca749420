#include "dsp/review/journal_location.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "dsp/core/atomic_file.h"
#include "dsp/review/journal_store.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;

std::string hash_of(const std::string& study) {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx",
                  static_cast<unsigned long long>(fnv1a(study)));
    return digits.data();
}

// Where the user's folder notes the place of a journal that lies beside data.
fs::path note_of(const std::string& study, const fs::path& user_folder) {
    return user_folder / "reviews" / (hash_of(study) + ".place");
}

std::optional<fs::path> noted_place(const std::string& study, const fs::path& user_folder) {
    std::ifstream in(note_of(study, user_folder), std::ios::binary);
    std::string line;
    if (!in || !std::getline(in, line) || line.empty()) {
        return std::nullopt;
    }
    return fs::path(line);
}

struct Candidate {
    fs::path file;
    std::vector<JournalRow> rows;
};

bool continues(const std::vector<JournalRow>& longer, const std::vector<JournalRow>& shorter) {
    return longer.size() >= shorter.size() &&
           std::equal(shorter.begin(), shorter.end(), longer.begin());
}

// Journals of this study that are there, in order of preference.
std::vector<Candidate> existing(const std::string& study, const std::vector<fs::path>& places) {
    std::vector<Candidate> found;
    for (const fs::path& place : places) {
        std::error_code problem;
        const bool twice = std::any_of(found.begin(), found.end(), [&](const Candidate& other) {
            return fs::equivalent(other.file, place, problem);
        });
        if (twice || !fs::is_regular_file(place, problem)) {
            continue;
        }
        auto content = read_journal_copy(place, [](const Step&) { return Result<void>{}; });
        if (content &&
            (content->study == study || !content->damage.empty() || content->rows.empty())) {
            found.push_back({place, std::move(content->rows)});
        } else if (!content) {
            found.push_back({place, {}});  // opening it will say why
        }
    }
    return found;
}

// The first of those with most changes; null where there is none.
const Candidate* longest(const std::vector<Candidate>& found) {
    const auto best = std::max_element(
        found.begin(), found.end(),
        [](const Candidate& a, const Candidate& b) { return a.rows.size() < b.rows.size(); });
    return best == found.end() ? nullptr : &*best;
}

// The journal at `from` cannot be written: goes on in the user's folder with what it holds.
Result<Journal> open_in_user_folder(const std::string& study, const Error& why,
                                    const Candidate* from, const fs::path& file,
                                    const std::vector<Candidate>& found) {
    std::error_code problem;
    fs::create_directories(file.parent_path(), problem);
    const auto before = std::find_if(found.begin(), found.end(), [&](const Candidate& candidate) {
        return candidate.file == file;
    });
    const bool fits =
        before == found.end() || (from != nullptr && continues(from->rows, before->rows));
    if (from != nullptr && from->file != file && fits) {
        if (auto copied = copy_journal(from->file, file, study); !copied) {
            return tl::unexpected(copied.error());
        }
    }
    auto journal = Journal::open(file, study);
    if (journal) {
        journal->add_notice(why.subject + ": " + why.what + "; marks are kept in " + file.string());
    }
    return journal;
}

void note_place(const std::string& study, const fs::path& user_folder, const Journal& journal) {
    std::error_code problem;
    const fs::path place = fs::absolute(journal.file(), problem);
    if (problem || user_folder.empty() || noted_place(study, user_folder) == place) {
        return;
    }
    // Only a help to find it from another folder: without it the journal beside the data still is.
    fs::create_directories(user_folder / "reviews", problem);
    (void)write_file_atomically(note_of(study, user_folder), place.string() + "\n");
}

}  // namespace

std::string run_key(const RunInfo& info) {
    return info.sop_instance_uid.empty() ? "file:" + info.file.filename().string()
                                         : info.sop_instance_uid;
}

std::string study_key(const RunInfo& info) {
    return info.study_instance_uid.empty() ? run_key(info) : info.study_instance_uid;
}

std::string journal_name(const std::string& study) {
    return ".dsm-review-" + hash_of(study) + ".sqlite";
}

std::filesystem::path user_data_folder() {
    const auto value = [](const char* name) {
        const char* text = std::getenv(name);
        return fs::path(text == nullptr ? "" : text);
    };
    if (const fs::path data = value("XDG_DATA_HOME"); data.is_absolute()) {
        return data / "dsm";
    }
    const fs::path home = value("HOME");
    return home.empty() ? fs::path{} : home / ".local" / "share" / "dsm";
}

namespace {

// Where the journal of a study may lie, in order of preference.
std::vector<fs::path> places_of(const std::string& study, const fs::path& data_folder,
                                const fs::path& user_folder) {
    std::vector<fs::path> places{data_folder / journal_name(study)};
    if (!user_folder.empty()) {
        const fs::path own = user_folder / "reviews" / journal_name(study);
        places.push_back(noted_place(study, user_folder).value_or(own));
        places.push_back(own);
    }
    return places;
}

}  // namespace

Result<Journal> open_study_journal(const std::string& study, const fs::path& data_folder,
                                   const fs::path& user_folder) {
    const fs::path beside = data_folder / journal_name(study);
    const fs::path own =
        user_folder.empty() ? fs::path{} : user_folder / "reviews" / journal_name(study);
    const auto found = existing(study, places_of(study, data_folder, user_folder));
    const Candidate* from = longest(found);
    auto journal = Journal::open(from == nullptr ? beside : from->file, study);
    if (!journal && journal.error().kind == ErrorKind::io && !own.empty() &&
        (from == nullptr || from->file != own)) {
        const Error why = journal.error();
        journal = open_in_user_folder(study, why, from, own, found);
    }
    if (!journal) {
        return journal;
    }
    for (const Candidate& other : found) {
        if (from != nullptr && other.file != journal->file() &&
            !continues(from->rows, other.rows)) {
            journal->add_notice(other.file.string() + ": holds other marks of this study, " +
                                std::to_string(other.rows.size()) + " changes; they are not shown");
        }
    }
    note_place(study, user_folder, *journal);
    return journal;
}

Result<Journal> open_journal_for(const RunInfo& info) {
    std::error_code problem;
    const fs::path file = fs::absolute(info.file, problem);
    auto journal = open_study_journal(study_key(info), file.parent_path(), user_data_folder());
    if (journal) {
        if (auto kept = journal->remember_run_file(run_key(info), file); !kept) {
            journal->add_notice(kept.error().message());
        }
    }
    return journal;
}

Result<Review> read_review_for(const RunInfo& info, std::vector<std::string>& notices) {
    std::error_code problem;
    const std::string study = study_key(info);
    const fs::path folder = fs::absolute(info.file, problem).parent_path();
    const auto found = existing(study, places_of(study, folder, user_data_folder()));
    const Candidate* best = longest(found);
    Review review;
    if (best == nullptr) {
        return review;
    }
    History history;
    const auto content = read_journal_copy(
        best->file, [&](const Step& step) { return history.replay(review, step); });
    if (!content) {
        return tl::unexpected(content.error());
    }
    if (!content->damage.empty()) {
        notices.push_back(best->file.string() + ": damaged (" + content->damage +
                          "); the marks before the damage are used");
    }
    for (const Candidate& other : found) {
        if (other.file != best->file && !continues(best->rows, other.rows)) {
            notices.push_back(other.file.string() +
                              ": holds other marks of this study, which are "
                              "not used");
        }
    }
    return review;
}

}  // namespace dsm
