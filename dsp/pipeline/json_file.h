// JSON files as the programs write and read them: bounded in size, one thing per line, no NaN.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "dsp/core/result.h"

namespace dsm {

// Indented by one space; lists without objects in them stay on one line. Invalid UTF-8 becomes
// U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value);

// Largest document that is read: a run of 10 000 frames with 100 highlights stays below it.
inline constexpr std::size_t kLargestJsonBytes = 64U << 20U;

// Parses a file whole. Errors name the file: absent, too large, not JSON.
[[nodiscard]] Result<nlohmann::json> read_json_file(const std::filesystem::path& file);

// A number for JSON: null where it is not finite.
[[nodiscard]] nlohmann::ordered_json number_or_null(double value);

}  // namespace dsm
