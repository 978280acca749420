// Tables and figures in plain text, as the reports print them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace dsm {

using TextTable = std::vector<std::vector<std::string>>;  // rows of one length, at least one

// "-" for nothing.
[[nodiscard]] std::string figure(const std::optional<double>& value, int decimals);

// Columns as wide as their widest entry, two blanks apart; the first to the left, the others to
// the right; `indent` before each row, no blanks behind one.
[[nodiscard]] std::string aligned(const TextTable& rows, const std::string& indent = "");

}  // namespace dsm
