// What a reader prefers, kept in the user's settings: text on disk, written whole or not at all.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "viewer/keys.h"
#include "viewer/view_state.h"

namespace dsm::viewer {

struct Workspace;

struct Settings {
    double text_scale{1.0};  // 0.8 to 2
    Theme theme{Theme::dark};
    MarkStyle marks{MarkStyle::colours};
    bool read_first{false};
    Layout layout{Layout::original_subtracted};
    KeyMap keys;                                 // those that were changed
    std::map<std::string, std::string> unknown;  // of a later version: JSON by name, kept
    friend bool operator==(const Settings&, const Settings&) = default;
};

struct LoadedSettings {
    Settings settings;
    std::vector<std::string> notices;  // what could not be read, one line each
};

// $XDG_CONFIG_HOME/dsm/viewer.json, else ~/.config/dsm/viewer.json; empty where there is neither.
[[nodiscard]] std::filesystem::path settings_file();

// Never fails: what is missing or damaged is as at first, and a notice says so. A file that is no
// JSON is set aside under the name it has with .damaged behind.
[[nodiscard]] LoadedSettings read_settings(const std::filesystem::path& file);
// Makes the folder where it is missing; a name without one is in the current folder.
[[nodiscard]] Result<void> write_settings(const std::filesystem::path& file, const Settings&);

// To the workspace, whose keys are the table's own before; and back. Keys of actions that are not
// there, no chords, and those another action has are left out, each with a notice: such an action
// has its usual keys. The keys of actions that are not there are kept in what is taken back.
void put_in_force(const Settings&, Workspace&, std::vector<std::string>& notices);
[[nodiscard]] Settings settings_in_force(const Workspace&, const Settings& before);

}  // namespace dsm::viewer
