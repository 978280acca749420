// Fetches studies, series or instances from an archive into a folder: C-MOVE to a receiver of our
// own, or C-GET on the same connection (PS3.4 C).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/peer.h"

namespace dsm {

enum class FetchMethod { move, get };

struct FetchRequest {
    std::string study_uid;  // needed
    std::string series_uid, instance_uid;
    FetchMethod method{FetchMethod::move};
    std::filesystem::path folder;
    // Of our receiver, for C-MOVE: the archive has to know our title there.
    int port{11112};
    std::string bind{"127.0.0.1"};
    std::uint64_t largest_object_bytes{std::uint64_t{2} << 30U};
    // Objects that are there now, of those listed; called in the fetching thread. Not by C-MOVE.
    std::function<void(std::size_t, std::size_t)> on_progress;
    std::stop_token stop;  // ends it between two objects or inside one; what is whole stays
};

struct FetchSummary {
    std::vector<std::filesystem::path> files;  // all that were asked for and are there now
    std::size_t already_there{0};
    std::size_t missing{0};  // that the archive lists and did not deliver
    std::vector<std::string> problems;
};

// What is in the folder already is not fetched again, so that a broken fetch goes on where it was.
// Files are whole, named after a hash of their instance (file_name_of_instance). C-GET asks for
// each class in the syntaxes it may be kept in, so that nothing is decompressed on the way. Errors:
// the archive cannot be reached, refuses, or holds nothing of the kind; cancelled. C-MOVE forks a
// receiver: not from a program whose other threads hold locks.
[[nodiscard]] Result<FetchSummary> fetch_from_archive(const Peer& archive,
                                                      const NetworkOptions& options,
                                                      const FetchRequest& request);

}  // namespace dsm
