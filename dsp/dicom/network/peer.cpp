#include "dsp/dicom/network/peer.h"

#include <algorithm>
#include <charconv>

namespace dsm {

std::string Peer::name() const {
    return aet + "@" + host + (port > 0 ? ":" + std::to_string(port) : "");
}

bool is_ae_title(const std::string& text) {
    const bool printable = std::all_of(text.begin(), text.end(),
                                       [](char c) { return c >= 0x20 && c < 0x7F && c != '\\'; });
    return printable && !text.empty() && text.size() <= 16 &&
           text.find_first_not_of(' ') != std::string::npos;
}

Result<Peer> parse_peer(const std::string& text, bool needs_port) {
    const auto refuse = [&](const std::string& what) {
        return fail(ErrorKind::invalid_input, text, what,
                    needs_port ? "write it as AET@HOST:PORT" : "write it as AET@HOST");
    };
    const auto at = text.find('@');
    if (at == std::string::npos) {
        return refuse("names no host");
    }
    Peer peer;
    peer.aet = text.substr(0, at);
    peer.host = text.substr(at + 1);
    if (!is_ae_title(peer.aet)) {
        return refuse("its title is not 1 to 16 printable characters");
    }
    if (const auto colon = peer.host.rfind(':'); colon != std::string::npos) {
        const char* from = peer.host.data() + colon + 1;
        const char* to = peer.host.data() + peer.host.size();
        const auto [end, status] = std::from_chars(from, to, peer.port);
        if (status != std::errc{} || end != to || peer.port < 1 || peer.port > 65535) {
            return refuse("its port is not a number from 1 to 65535");
        }
        peer.host.resize(colon);
    } else if (needs_port) {
        return refuse("names no port");
    }
    if (peer.host.empty()) {
        return refuse("names no host");
    }
    return peer;
}

}  // namespace dsm
