// What a person reads in pictures and windows in place of the contract's words.
#pragma once

#include <string>

#include "dsp/core/findings.h"

namespace dsm {

[[nodiscard]] const char* spoken(LeakKind kind);      // "CSF-venous fistula"
[[nodiscard]] const char* spoken(Drainage drainage);  // "central epidural"
// "left decubitus" for "left_decubitus": a word of the contract with blanks for its underscores.
[[nodiscard]] std::string spaced(std::string word);

}  // namespace dsm
