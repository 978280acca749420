// Options that the network commands share.
#pragma once

#include <CLI/CLI.hpp>

#include "dsp/dicom/network/peer.h"

namespace dsm::cli {

// --ca, --cert, --key, --key-password-file
inline void add_tls_options(CLI::App& command, TlsOptions& tls) {
    command.add_option("--ca", tls.authorities,
                       "PEM file of who may vouch for the other side; without it the system's");
    command.add_option("--cert", tls.certificate, "PEM file of our own certificate");
    command.add_option("--key", tls.key, "PEM file of its key, not readable by everybody");
    command.add_option("--key-password-file", tls.key_password_file,
                       "file whose first line is the password of that key");
}

// What the commands that open connections share.
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
    command.add_flag("--tls", options.tls.on,
                     "DICOM over TLS; the peer's certificate is verified (https always is)");
    add_tls_options(command, options.tls);
    command.add_option("--credentials", options.credentials_file,
                       "for an https URL: file with user:password, or Bearer and a token");
}

}  // namespace dsm::cli
