// Another DICOM program on the network, and how patient one is with it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "dsp/core/result.h"
#include "dsp/core/units.h"

namespace dsm {

struct Peer {
    std::string aet;                         // application entity title
    std::string host;                        // name or address
    int port{0};                             // 0: none given
    [[nodiscard]] std::string name() const;  // "PACS@archive:104"
    friend bool operator==(const Peer&, const Peer&) = default;
};

// "AET@HOST:PORT", or "AET@HOST" where a port is not needed. Errors say what is wrong.
[[nodiscard]] Result<Peer> parse_peer(const std::string& text, bool needs_port);
// 1 to 16 printable ASCII characters without backslash, not all blank (PS3.5 6.2, AE).
[[nodiscard]] bool is_ae_title(const std::string& text);

// Whom to trust and how to show who we are, in PEM files. A peer whose certificate is not vouched
// for, or is another host's, is refused; there is no way to leave that out.
struct TlsOptions {
    bool on{false};                     // of DICOM connections; a URL says it itself
    std::filesystem::path authorities;  // who may vouch for a peer; empty: those of the system
    // Our own, both or none. The key must not be readable by everybody; its password, if it has
    // one, is the first line of a file of which the same is true.
    std::filesystem::path certificate, key, key_password_file;
    friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

struct NetworkOptions {
    std::string aet{"DSM"};  // our own title
    int connect_s{10};
    int reply_s{60};  // for each answer
    int attempts{3};  // of a connection that is refused or breaks
    TlsOptions tls;
    // Of a web service: "user:password", or "Bearer" and a token, on the first line.
    std::filesystem::path credentials_file;
};

}  // namespace dsm
