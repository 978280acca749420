// Another DICOM program on the network, and how patient one is with it.
#pragma once

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

struct NetworkOptions {
    std::string aet{"DSM"};  // our own title
    int connect_s{10};
    int reply_s{60};  // for each answer
    int attempts{3};  // of a connection that is refused or breaks
};

}  // namespace dsm
