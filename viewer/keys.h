// Which keys ask for which action: the table's own, but for those the reader changed.
// A chord is "Ctrl+Shift+Z", "Left", "F4", "?": modifiers in the order Ctrl, Alt, Shift.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dsm::viewer {

// By the action's name: its chords with blanks between; an empty text for none.
using KeyMap = std::map<std::string, std::string, std::less<>>;

// Every key that the window names (see platform/key_names.h), with modifiers; signs take none.
[[nodiscard]] bool is_chord(std::string_view text);
[[nodiscard]] std::vector<std::string> chords_of(std::string_view keys);

struct KeyConflict {
    std::string chord;
    std::string action;  // that has it
    friend bool operator==(const KeyConflict&, const KeyConflict&) = default;
};
// What others have of these chords.
[[nodiscard]] std::vector<KeyConflict> conflicts(const KeyMap& map, std::string_view action,
                                                 std::string_view keys);
// Without these chords in all actions but this one.
[[nodiscard]] KeyMap taken_from_others(KeyMap map, std::string_view action, std::string_view keys);

// " (Ctrl+Z)" to put behind a text; empty for an action without keys.
[[nodiscard]] std::string key_hint(const KeyMap& map, std::string_view action);
// "Ctrl+Shift+Z or Ctrl+Y"
[[nodiscard]] std::string readable_keys(std::string_view keys);

}  // namespace dsm::viewer
