// What is under the pointer, as numbers.
#pragma once

#include <string>

namespace dsm::viewer {

struct Workspace;

// "x 312 y 455   stored 1834   opacity 0.0213 ± 0.0012": the opacity, and the standard error of it,
// over the pixels of the curve under the pointer. Empty without a pointer on a picture.
[[nodiscard]] std::string pointer_text(const Workspace&);

}  // namespace dsm::viewer
