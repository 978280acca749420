// Options that the network commands share.
#pragma once

#include <CLI/CLI.hpp>

#include "dsp/dicom/network/peer.h"

namespace dsm::cli {

// --aet, --timeout, --attempts
inline void add_network_options(CLI::App& command, NetworkOptions& options) {
    command.add_option("--aet", options.aet, "our own AE title")
        ->check(CLI::Validator(
            [](const std::string& title) {
                return is_ae_title(title) ? std::string()
                                          : "'" + title + "' is not 1 to 16 printable characters";
            },
            "TITLE"))
        ->capture_default_str();
    command.add_option("--connect-timeout", options.connect_s, "seconds to wait for a connection")
        ->check(CLI::Range(1, 600))
        ->capture_default_str();
    command.add_option("--timeout", options.reply_s, "seconds to wait for an answer")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    command.add_option("--attempts", options.attempts, "how often a connection is tried")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
}

}  // namespace dsm::cli
