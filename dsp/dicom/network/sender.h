// Sends files to another DICOM program: C-STORE, and storage commitment where it is offered
// (PS3.4 B and J).
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/peer.h"

namespace dsm {

enum class Commitment { not_asked, not_offered, confirmed, refused, unanswered };

struct SendOptions {
    NetworkOptions network;
    bool commit{false};
    // Where the answer to a commitment is waited for when the peer sends it on a connection of its
    // own; 0: on the same association alone.
    int commit_port{0};
    std::string commit_bind{"127.0.0.1"};
    int commit_wait_s{30};
    std::function<void(double)> on_progress;  // share of the files that were tried
    std::stop_token stop;                     // ends it between two files
};

struct SendSummary {
    std::size_t stored{0};
    std::vector<Error> failures;  // one for each file that was not stored
    Commitment commitment{Commitment::not_asked};
    std::size_t committed{0};  // instances the peer answers for
};

// Files go as they are where the peer takes their transfer syntax; uncompressed ones in any it
// takes. Nothing is recompressed. A broken association is opened again for what was not stored.
// Errors: the peer cannot be reached or refuses; else each file's fate is in the summary.
[[nodiscard]] Result<SendSummary> send_files(std::span<const std::filesystem::path> files,
                                             const Peer& peer, const SendOptions& options);

// C-ECHO.
[[nodiscard]] Result<void> verify_peer(const Peer& peer, const NetworkOptions& options);

}  // namespace dsm
