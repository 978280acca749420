// A question to an archive, a fetch or a sending, in the background.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/dicom/network/archive_list.h"
#include "viewer/study/background_job.h"

namespace dsm::viewer {

struct ArchiveAnswer {
    enum class Kind { found, fetched, sent } kind{};
    std::vector<FindMatch> matches;  // of `found`
    std::filesystem::path folder;    // of `fetched`
    std::string words;               // what was done, for the reader
};

using ArchiveJob = BackgroundJob<ArchiveAnswer>;

}  // namespace dsm::viewer
