#include "viewer/keys.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace dsm::viewer {

namespace {

constexpr std::array<std::string_view, 28> kNamed{
    "Space", "Enter", "Escape", "Tab",      "Backspace", "Delete", "Left",    "Right", "Up", "Down",
    "Home",  "End",   "PageUp", "PageDown", "F1",        "F2",     "F3",      "F4",    "F5", "F6",
    "F7",    "F8",    "F9",     "F10",      "F11",       "F12",    "Keypad5", "Insert"};
constexpr std::string_view kSigns = "?[]+-=,.\\";

bool names_a_key(std::string_view key) {
    const auto c = key.size() == 1 ? static_cast<unsigned char>(key.front()) : '\0';
    const bool letter_or_digit = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter_or_digit || std::find(kNamed.begin(), kNamed.end(), key) != kNamed.end();
}

bool is_sign(std::string_view key) {
    return key.size() == 1 && kSigns.find(key.front()) != std::string_view::npos;
}

bool holds(std::string_view keys, std::string_view chord) {
    const auto chords = chords_of(keys);
    return std::find(chords.begin(), chords.end(), chord) != chords.end();
}

}  // namespace

bool is_chord(std::string_view text) {
    if (is_sign(text)) {
        return true;
    }
    for (const std::string_view modifier : {"Ctrl+", "Alt+", "Shift+"}) {
        if (text.starts_with(modifier)) {
            text.remove_prefix(modifier.size());
        }
    }
    return names_a_key(text);
}

std::vector<std::string> chords_of(std::string_view keys) {
    std::vector<std::string> chords;
    while (!keys.empty()) {
        const auto end = std::min(keys.find(' '), keys.size());
        if (end > 0) {
            chords.emplace_back(keys.substr(0, end));
        }
        keys.remove_prefix(std::min(end + 1, keys.size()));
    }
    return chords;
}

std::vector<KeyConflict> conflicts(const KeyMap& map, std::string_view action,
                                   std::string_view keys) {
    std::vector<KeyConflict> found;
    for (const auto& chord : chords_of(keys)) {
        for (const auto& [other, has] : map) {
            if (other != action && holds(has, chord)) {
                found.push_back({chord, other});
            }
        }
    }
    return found;
}

KeyMap taken_from_others(KeyMap map, std::string_view action, std::string_view keys) {
    for (auto& [other, has] : map) {
        if (other == action) {
            continue;
        }
        std::string left;
        for (const auto& chord : chords_of(has)) {
            if (!holds(keys, chord)) {
                left += (left.empty() ? "" : " ") + chord;
            }
        }
        has = left;
    }
    return map;
}

std::string readable_keys(std::string_view keys) {
    std::string text;
    for (const auto& chord : chords_of(keys)) {
        text += (text.empty() ? "" : " or ") + chord;
    }
    return text;
}

std::string key_hint(const KeyMap& map, std::string_view action) {
    const auto found = map.find(action);
    const auto text = found == map.end() ? std::string() : readable_keys(found->second);
    return text.empty() ? text : " (" + text + ")";
}

}  // namespace dsm::viewer
