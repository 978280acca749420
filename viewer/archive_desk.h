// The archives a reader can ask, what was asked, what was answered, and what is under way.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/archive_list.h"
#include "viewer/study/archive_job.h"

namespace dsm::viewer {

struct Workspace;

struct ArchiveDesk {
    std::vector<KnownArchive> known;    // of archives_file(), and those named by the reader
    std::optional<std::size_t> chosen;  // of `known`
    FindQuery question;
    std::vector<FindMatch> studies;                    // the newest first
    std::optional<std::size_t> selected;               // of `studies`
    std::string said;                                  // of the last thing done; may be empty
    std::optional<Error> failure;                      // instead of it
    std::unique_ptr<ArchiveJob> job;                   // null while nothing is under way
    std::vector<std::unique_ptr<ArchiveJob>> leaving;  // given up, not yet ended
};

// Reads the list of archives anew; what is wrong with it is the desk's failure.
void read_known_archives(Workspace& workspace);
// By its name or as an address. Errors: neither.
[[nodiscard]] Result<void> choose_archive(Workspace& workspace, const std::string& text);
// Each begins in the background. Errors: nothing is chosen, or something is under way already.
[[nodiscard]] Result<void> ask_archive(Workspace& workspace);
// The selected study, into `folder`, by default one of the user's data named after a hash of its
// UID; opened when it is there.
[[nodiscard]] Result<void> fetch_study(Workspace& workspace,
                                       const std::optional<std::filesystem::path>& folder);
// The presentation states, the measurement report and the key objects of the run in front.
[[nodiscard]] Result<void> send_results(Workspace& workspace);
void give_up_archive_job(Workspace& workspace);

// Takes in what has come of it, once a frame. True: there is something new to see.
bool tend_archives(Workspace& workspace);

}  // namespace dsm::viewer
