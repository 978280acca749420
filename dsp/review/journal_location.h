// Where the journal of a study lies: beside the data, or in the user's data folder where the data
// cannot be written; and how it is found again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/run_info.h"
#include "dsp/review/journal.h"

namespace dsm {

// What marks are filed under: the SOP Instance UID, and the Study Instance UID of the study it
// belongs to; for files without them, the file's name.
[[nodiscard]] std::string run_key(const RunInfo&);
[[nodiscard]] std::string study_key(const RunInfo&);

// ".dsm-review-<16 hex digits>.sqlite", from a hash: received values never become a path.
[[nodiscard]] std::string journal_name(const std::string& study);

// $XDG_DATA_HOME/dsm, else ~/.local/share/dsm (XDG Base Directory Specification 0.8); empty where
// neither is known.
[[nodiscard]] std::filesystem::path user_data_folder();

// Opens the journal of `study` whose data lie in `data_folder`: the one beside the data, the one
// last used for this study, or the one in `user_folder`. Of several, the one that continues the
// others is taken; any that went another way is named in notices(). A new one is made beside the
// data if they can be written, else in `user_folder`.
[[nodiscard]] Result<Journal> open_study_journal(const std::string& study,
                                                 const std::filesystem::path& data_folder,
                                                 const std::filesystem::path& user_folder);
// The same for the study of a run, with user_data_folder(); remembers the run's file.
[[nodiscard]] Result<Journal> open_journal_for(const RunInfo&);

// The marks of that study as they stand, without opening, making or locking a journal: for programs
// that only report them. Empty where nobody marked anything. `notices` gets what the operator
// should know: a damaged journal whose beginning was read, other marks that were not.
[[nodiscard]] Result<Review> read_review_for(const RunInfo&, std::vector<std::string>& notices);

}  // namespace dsm
