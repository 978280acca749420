// Errors as values. Every failure a caller may expect (a file, a peer, a disk) travels as
// Result<T>.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace dsm {

enum class ErrorKind {
    not_found,
    unreadable,     // damaged or truncated
    unsupported,    // well-formed, but nothing this program can show
    invalid_input,  // a recipe, a levels file, an option
    io,             // disk full, permission
    cancelled,
    internal,
};

// One line for the operator: "<subject>: <what>; <remedy>".
struct Error {
    ErrorKind kind{ErrorKind::internal};
    std::string subject;  // the file, peer or option at fault
    std::string what;     // what is wrong with it, with the DICOM tag where there is one
    std::string remedy;   // what to do about it; may be empty

    [[nodiscard]] std::string message() const;
    friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string subject,
                                                std::string what, std::string remedy = {}) {
    return tl::unexpected<Error>(
        Error{kind, std::move(subject), std::move(what), std::move(remedy)});
}

}  // namespace dsm
