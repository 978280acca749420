// multipart/related as DICOMweb uses it (RFC 2387, RFC 2046 5.1; PS3.18 8.6.1.2), read while it
// arrives. Private to dsp/dicom.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "dsp/core/result.h"

namespace dsm::dicom {

// What a reader does with each part. A callback's error ends the reading.
struct PartSink {
    std::function<Result<void>()> begin;
    std::function<Result<void>(std::string_view)> bytes;
    std::function<Result<void>()> end;
};

// Holds no more than one piece of what arrives and 16 KB of headers, whatever is sent.
// Not thread-safe.
class MultipartReader {
 public:
    MultipartReader(const std::string& boundary, PartSink sink);
    // The next bytes, in pieces of any size. Errors: unreadable (not multipart, headers too long),
    // or those of the sink. After an error it must not be fed again.
    [[nodiscard]] Result<void> feed(std::string_view bytes);
    // True once the closing boundary has been read: without it the last part may be cut short.
    [[nodiscard]] bool finished() const { return state_ == State::epilogue; }

 private:
    enum class State { preamble, headers, body, epilogue };
    // False where more bytes are needed.
    [[nodiscard]] Result<bool> step();
    [[nodiscard]] Result<bool> pass_delimiter();
    [[nodiscard]] Result<bool> pass_headers();

    std::string delimiter_;  // "\r\n--" and the boundary
    PartSink sink_;
    std::string pending_{"\r\n"};  // so that a boundary at the very start is found like any other
    State state_{State::preamble};
};

// The boundary of a Content-Type of multipart/related; "" where it is none.
[[nodiscard]] std::string multipart_boundary(const std::string& content_type);

}  // namespace dsm::dicom
