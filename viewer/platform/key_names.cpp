#include "viewer/platform/key_names.h"

#include <GLFW/glfw3.h>

#include <cctype>
#include <string_view>
#include <utility>

namespace dsm::viewer {

namespace {

constexpr std::pair<int, const char*> kNamedKeys[] = {
    {GLFW_KEY_SPACE, "Space"},   {GLFW_KEY_ENTER, "Enter"},    {GLFW_KEY_KP_ENTER, "Enter"},
    {GLFW_KEY_ESCAPE, "Escape"}, {GLFW_KEY_TAB, "Tab"},        {GLFW_KEY_BACKSPACE, "Backspace"},
    {GLFW_KEY_DELETE, "Delete"}, {GLFW_KEY_LEFT, "Left"},      {GLFW_KEY_RIGHT, "Right"},
    {GLFW_KEY_UP, "Up"},         {GLFW_KEY_DOWN, "Down"},      {GLFW_KEY_HOME, "Home"},
    {GLFW_KEY_END, "End"},       {GLFW_KEY_PAGE_UP, "PageUp"}, {GLFW_KEY_PAGE_DOWN, "PageDown"},
    {GLFW_KEY_F1, "F1"},         {GLFW_KEY_F2, "F2"},          {GLFW_KEY_F3, "F3"},
    {GLFW_KEY_F4, "F4"},         {GLFW_KEY_F5, "F5"},          {GLFW_KEY_F6, "F6"},
    {GLFW_KEY_F7, "F7"},         {GLFW_KEY_F8, "F8"},          {GLFW_KEY_F9, "F9"},
    {GLFW_KEY_F10, "F10"},       {GLFW_KEY_F11, "F11"},        {GLFW_KEY_F12, "F12"},
    {GLFW_KEY_KP_5, "Keypad5"},  {GLFW_KEY_INSERT, "Insert"},
};

std::string letter_or_digit(int key, int scancode) {
    const char* name = glfwGetKeyName(key, scancode);
    const bool single = name != nullptr && name[0] != '\0' && name[1] == '\0';
    if (single && std::isalnum(static_cast<unsigned char>(name[0])) != 0) {
        return std::string(1, static_cast<char>(std::toupper(static_cast<unsigned char>(name[0]))));
    }
    // A keyboard without Latin letters: the key where they would be.
    if ((key >= GLFW_KEY_A && key <= GLFW_KEY_Z) || (key >= GLFW_KEY_0 && key <= GLFW_KEY_9)) {
        return std::string(1, static_cast<char>(key));
    }
    return {};
}

std::string name_of(int key, int scancode) {
    for (const auto& [code, name] : kNamedKeys) {
        if (code == key) {
            return name;
        }
    }
    return letter_or_digit(key, scancode);
}

}  // namespace

std::optional<KeyEvent> key_event(int key, int scancode, int action, int modifiers) {
    const auto name = name_of(key, scancode);
    if (name.empty()) {
        return std::nullopt;
    }
    std::string chord;
    if ((modifiers & GLFW_MOD_CONTROL) != 0) {
        chord += "Ctrl+";
    }
    if ((modifiers & GLFW_MOD_ALT) != 0) {
        chord += "Alt+";
    }
    if ((modifiers & GLFW_MOD_SHIFT) != 0) {
        chord += "Shift+";
    }
    chord += name;
    const auto kind = action == GLFW_RELEASE  ? KeyEvent::Kind::released
                      : action == GLFW_REPEAT ? KeyEvent::Kind::repeated
                                              : KeyEvent::Kind::pressed;
    return KeyEvent{kind, chord, name};
}

std::optional<KeyEvent> sign_event(unsigned int character) {
    constexpr std::string_view kSigns = "?[]+-=,.\\";
    if (character > 127 || kSigns.find(static_cast<char>(character)) == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string sign(1, static_cast<char>(character));
    return KeyEvent{KeyEvent::Kind::pressed, sign, sign};
}

}  // namespace dsm::viewer
