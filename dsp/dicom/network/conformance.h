// What this program reads, writes, sends and receives, from the tables the code itself goes by: the
// lists of tools/conformance.md, which a test compares with these.
#pragma once

#include <string>

namespace dsm {

// Markdown tables with a heading each. The same text on every call.
[[nodiscard]] std::string conformance_tables();

}  // namespace dsm
