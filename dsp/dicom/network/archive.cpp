#include "dsp/dicom/network/archive.h"

#include <algorithm>

#include "dsp/dicom/network/web/web_client.h"

namespace dsm {
namespace {

// "archive:8042" of "https://archive:8042/dicom-web".
std::string authority_of(const std::string& url) {
    const auto from = url.find("://");
    return from == std::string::npos ? ""
                                     : url.substr(from + 3, url.find('/', from + 3) - from - 3);
}

}  // namespace

std::string name_of(const ArchiveAddress& address) {
    const Peer* peer = std::get_if<Peer>(&address);
    return peer != nullptr ? peer->name() : std::get<WebArchive>(address).url;
}

Result<ArchiveAddress> parse_archive(const std::string& text) {
    if (!text.starts_with("https://") && !text.starts_with("http://")) {
        auto peer = parse_peer(text, true);
        if (!peer) {
            return tl::unexpected(peer.error());
        }
        return *peer;
    }
    const std::string authority = authority_of(text);
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (authority.find('@') != std::string::npos) {
        // Not named: what stands before the @ is a secret.
        return fail(ErrorKind::invalid_input, "the URL", "holds a user or password",
                    "put them into a file and name it by --credentials");
    }
    if (authority.empty() || authority.front() == ':' || !printable ||
        text.find_first_of("?#\"<>\\^`{|}") != std::string::npos) {
        return fail(ErrorKind::invalid_input, text, "is not the base of a web service",
                    "write it as https://HOST/dicom-web");
    }
    std::string url = text;
    while (url.back() == '/') {
        url.pop_back();
    }
    return WebArchive{url};
}

bool is_loopback_url(const std::string& url) {
    std::string host = authority_of(url);
    if (!host.starts_with('[')) {
        host = host.substr(0, host.find(':'));
    }
    return host == "localhost" || host == "127.0.0.1" || host.starts_with("[::1]");
}

Result<std::vector<FindMatch>> find_at(const ArchiveAddress& archive, const NetworkOptions& options,
                                       const FindQuery& query) {
    const Peer* peer = std::get_if<Peer>(&archive);
    return peer != nullptr ? find_in_archive(*peer, options, query)
                           : dicom::find_on_web(std::get<WebArchive>(archive), options, query);
}

Result<FetchSummary> fetch_from(const ArchiveAddress& archive, const NetworkOptions& options,
                                const FetchRequest& request) {
    const Peer* peer = std::get_if<Peer>(&archive);
    return peer != nullptr ? fetch_from_archive(*peer, options, request)
                           : dicom::fetch_from_web(std::get<WebArchive>(archive), options, request);
}

Result<SendSummary> send_to(const ArchiveAddress& archive,
                            std::span<const std::filesystem::path> files,
                            const SendOptions& options) {
    const Peer* peer = std::get_if<Peer>(&archive);
    return peer != nullptr ? send_files(files, *peer, options)
                           : dicom::send_to_web(std::get<WebArchive>(archive), files, options);
}

Result<void> verify(const ArchiveAddress& archive, const NetworkOptions& options) {
    if (const Peer* peer = std::get_if<Peer>(&archive)) {
        return verify_peer(*peer, options);
    }
    FindQuery one;
    one.most = 1;
    const auto answered = dicom::find_on_web(std::get<WebArchive>(archive), options, one);
    return answered ? Result<void>() : tl::unexpected(answered.error());
}

}  // namespace dsm
