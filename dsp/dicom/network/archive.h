// An archive, spoken to by DICOM messages or by DICOMweb (PS3.18): the same questions to both.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/fetcher.h"
#include "dsp/dicom/network/finder.h"
#include "dsp/dicom/network/peer.h"
#include "dsp/dicom/network/sender.h"

namespace dsm {

// The base of a DICOMweb service, without a slash at its end: "https://archive/dicom-web".
struct WebArchive {
    std::string url;
    friend bool operator==(const WebArchive&, const WebArchive&) = default;
};

using ArchiveAddress = std::variant<Peer, WebArchive>;

[[nodiscard]] std::string name_of(const ArchiveAddress& address);
// "AET@HOST:PORT", or an http or https URL without user, query or fragment. Errors say what is
// wrong.
[[nodiscard]] Result<ArchiveAddress> parse_archive(const std::string& text);
[[nodiscard]] bool is_loopback_url(const std::string& url);

// As find_in_archive, fetch_from_archive, send_files and verify_peer say, of either kind. A web
// service offers no storage commitment; FetchRequest::method is for DICOM alone.
[[nodiscard]] Result<std::vector<FindMatch>> find_at(const ArchiveAddress& archive,
                                                     const NetworkOptions& options,
                                                     const FindQuery& query);
[[nodiscard]] Result<FetchSummary> fetch_from(const ArchiveAddress& archive,
                                              const NetworkOptions& options,
                                              const FetchRequest& request);
[[nodiscard]] Result<SendSummary> send_to(const ArchiveAddress& archive,
                                          std::span<const std::filesystem::path> files,
                                          const SendOptions& options);
[[nodiscard]] Result<void> verify(const ArchiveAddress& archive, const NetworkOptions& options);

}  // namespace dsm
