// What is under the pointer, as numbers.
#pragma once

#include <string>

namespace dsm::viewer {

struct Workspace;

// "x 312 y 455   stored 1834   opacity 0.0213"; empty without a pointer on a picture.
[[nodiscard]] std::string pointer_text(const Workspace&);

}  // namespace dsm::viewer
