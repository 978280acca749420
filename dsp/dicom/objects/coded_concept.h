// A coded concept (PS3.3 8): value, coding scheme, meaning. The codes of PS3.16 that results use.
#pragma once

#include <optional>
#include <string>

#include "dsp/core/findings.h"

namespace dsm {

struct Code {
    std::string value;
    std::string scheme;
    std::string meaning;
    // Same value of the same scheme; the words do not count (PS3.3 8.3).
    friend bool operator==(const Code& a, const Code& b) {
        return a.value == b.value && a.scheme == b.scheme;
    }
};

// Concepts no public scheme has. Declared in Coding Scheme Identification where it is used.
inline constexpr const char* kPrivateScheme = "99DSM";

// "T7": the vertebra; "T7-T8": the level of the disc between two (CID 1003), the nearest there is
// to a foramen. A name without a public code (T13, L6) gets a private one, so that it comes back.
[[nodiscard]] Code code_of_level(const std::string& level);
// "T7" or "T7-T8" of a code of either scheme; nothing for any other code.
[[nodiscard]] std::optional<std::string> level_of_code(const Code& code);
// CID 244; nothing for an undetermined side: none is claimed.
[[nodiscard]] std::optional<Code> code_of_side(Side side);
[[nodiscard]] std::optional<Side> side_of_code(const Code& code);
[[nodiscard]] Code code_of_kind(LeakKind kind);

}  // namespace dsm
