// GLFW's key codes as the chords that the action table is written in.
#pragma once

#include <optional>

#include "viewer/platform/window.h"

namespace dsm::viewer {

// Letters, digits and named keys; letters follow the keyboard's layout. Nothing for other keys:
// signs come as characters.
[[nodiscard]] std::optional<KeyEvent> key_event(int key, int scancode, int action, int modifiers);
// Signs such as ? [ ] + - =, whichever keys they take on this keyboard.
[[nodiscard]] std::optional<KeyEvent> sign_event(unsigned int character);

}  // namespace dsm::viewer
