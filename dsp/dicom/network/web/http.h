// HTTP requests of the DICOMweb clients, with libcurl. Private to dsp/dicom.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/archive.h"
#include "dsp/dicom/network/peer.h"

namespace dsm::dicom {

struct HttpAnswer {
    int status{0};
    std::string content_type;
};

struct HttpRequest {
    std::string path;  // below the service, "/studies?limit=1"; already percent-encoded
    std::string accept;
    // For POST; GET where `content_type` is empty. The content is head, file, tail.
    std::string content_type, head, tail;
    std::filesystem::path file;
};

// What becomes of the content of an answer.
struct AnswerSink {
    // Before the first byte of an answer, of every attempt; earlier content is void.
    std::function<Result<void>(const HttpAnswer&)> begin;
    std::function<Result<void>(std::string_view)> bytes;
    // After the last byte; an error here is not tried again.
    std::function<Result<void>()> end;
};

// Connections are kept for the next request. Certificates are verified, nothing is redirected,
// credentials travel over TLS or the loopback alone. Not thread-safe.
class HttpClient {
 public:
    // Errors: a file of TLS or of credentials that cannot be used.
    [[nodiscard]] static Result<std::unique_ptr<HttpClient>> open(const WebArchive& archive,
                                                                  const NetworkOptions& options);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    HttpClient(HttpClient&&) = delete;
    HttpClient& operator=(HttpClient&&) = delete;

    // Tries again, with growing pauses, what may go better: no connection, broken or timed out,
    // busy (408, 429, 502 to 504). Only answers of `expected` go to the sink; every other status is
    // an error. Errors name the archive; cancelled where `stop` is requested.
    [[nodiscard]] Result<HttpAnswer> send(const HttpRequest& request, const AnswerSink& sink,
                                          const std::vector<int>& expected,
                                          const std::stop_token& stop = {});

 private:
    struct Handle;
    HttpClient();
    [[nodiscard]] Result<void> configure(const WebArchive& archive, const NetworkOptions& options);

    std::unique_ptr<Handle> handle_;
};

// The content of an answer as text, of at most `most_bytes`.
[[nodiscard]] AnswerSink into_text(std::string& text, std::size_t most_bytes);
// As one value of a query or one step of a path (RFC 3986 2.1).
[[nodiscard]] std::string percent_encoded(const std::string& text);

}  // namespace dsm::dicom
