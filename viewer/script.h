// A script: one action per line, words split at blanks, "quotes" around words with blanks,
// # to the end of the line is a remark.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dsp/core/result.h"
#include "viewer/invocation.h"

namespace dsm::viewer {

struct ScriptLine {
    int number{0};  // from 1, as an editor counts
    std::string text;
    Invocation invocation;
};

// Errors name `subject` and the line.
[[nodiscard]] Result<std::vector<ScriptLine>> parse_script(std::string_view text,
                                                           const std::string& subject);
[[nodiscard]] Result<std::vector<ScriptLine>> read_script(const std::filesystem::path& file);

// The words of one line; fails at a quote that is not closed.
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace dsm::viewer
