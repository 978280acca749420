#include "dsp/dicom/network/web/multipart.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace dsm::dicom {
namespace {

constexpr std::size_t kMostHeaderBytes = 16384;
constexpr std::size_t kLongestBoundary = 70;  // RFC 2046 5.1.1

tl::unexpected<Error> malformed(const std::string& what) {
    return fail(ErrorKind::unreadable, {}, "its answer is not multipart as announced: " + what,
                "ask its operator");
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

MultipartReader::MultipartReader(const std::string& boundary, PartSink sink)
    : delimiter_("\r\n--" + boundary), sink_(std::move(sink)) {}

Result<void> MultipartReader::feed(std::string_view bytes) {
    if (state_ == State::epilogue) {
        return {};
    }
    pending_.append(bytes);
    for (;;) {
        const auto moved = step();
        if (!moved) {
            return tl::unexpected(moved.error());
        }
        if (!*moved) {
            return {};
        }
    }
}

Result<bool> MultipartReader::step() {
    if (state_ == State::epilogue) {
        pending_.clear();
        return false;
    }
    if (state_ == State::headers) {
        return pass_headers();
    }
    const std::size_t at = pending_.find(delimiter_);
    // Without a delimiter its beginning may still be at the end of what has come.
    const std::size_t sure =
        at != std::string::npos
            ? at
            : pending_.size() - std::min(pending_.size(), delimiter_.size() - 1);
    if (state_ == State::body && sure > 0) {
        if (auto taken = sink_.bytes(std::string_view(pending_).substr(0, sure)); !taken) {
            return tl::unexpected(taken.error());
        }
    }
    pending_.erase(0, sure);
    return at == std::string::npos ? Result<bool>(false) : pass_delimiter();
}

// `pending_` begins with the delimiter.
Result<bool> MultipartReader::pass_delimiter() {
    const std::size_t after = delimiter_.size();
    if (pending_.size() < after + 2) {
        return false;
    }
    const bool closing = pending_.compare(after, 2, "--") == 0;
    const std::size_t line_end = closing ? after + 2 : pending_.find("\r\n", after);
    if (line_end == std::string::npos) {
        if (pending_.size() > after + kMostHeaderBytes) {
            return malformed("a boundary line without end");
        }
        return false;
    }
    if (!closing && pending_.find_first_not_of(" \t", after) != line_end) {
        return malformed("a boundary inside a part");
    }
    if (state_ == State::body) {
        if (auto ended = sink_.end(); !ended) {
            return tl::unexpected(ended.error());
        }
    }
    // The line end stays: headers begin with it, so that none at all look like some.
    pending_.erase(0, line_end);
    state_ = closing ? State::epilogue : State::headers;
    return true;
}

Result<bool> MultipartReader::pass_headers() {
    const std::size_t end = pending_.find("\r\n\r\n");
    if (end == std::string::npos ? pending_.size() > kMostHeaderBytes : end > kMostHeaderBytes) {
        return malformed("the headers of a part are too long");
    }
    if (end == std::string::npos) {
        return false;
    }
    pending_.erase(0, end + 4);
    state_ = State::body;
    if (auto begun = sink_.begin(); !begun) {
        return tl::unexpected(begun.error());
    }
    return true;
}

std::string multipart_boundary(const std::string& content_type) {
    const std::string folded = lower(content_type);
    const std::string key = "boundary=";
    const std::size_t at = folded.find(key);
    if (folded.compare(0, 17, "multipart/related") != 0 || at == std::string::npos) {
        return "";
    }
    std::string rest = content_type.substr(at + key.size());
    if (!rest.empty() && rest.front() == '"') {
        const std::size_t close = rest.find('"', 1);
        rest = close == std::string::npos ? "" : rest.substr(1, close - 1);
    } else {
        rest = rest.substr(0, rest.find_first_of("; \t\r\n"));
    }
    return rest.size() <= kLongestBoundary ? rest : "";
}

}  // namespace dsm::dicom
