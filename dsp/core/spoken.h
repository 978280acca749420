// What a person reads in pictures and windows in place of the contract's words.
#pragma once

#include "dsp/core/findings.h"

namespace dsm {

[[nodiscard]] const char* spoken(LeakKind kind);      // "CSF-venous fistula"
[[nodiscard]] const char* spoken(Drainage drainage);  // "central epidural"

}  // namespace dsm
