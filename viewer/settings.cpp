#include "viewer/settings.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <sstream>

#include "dsp/core/atomic_file.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

using nlohmann::json;

constexpr const char* kSchema = "dsm-viewer-settings/1";
constexpr std::size_t kMostBytes = 1U << 20U;

class Reader {
 public:
    Reader(json from, std::string subject, LoadedSettings& into)
        : from_(std::move(from)), subject_(std::move(subject)), into_(into) {}

    void number(const char* name, double low, double high, double& value) {
        take(name, [&](const json& entry) {
            if (!entry.is_number() || !(entry.get<double>() >= low) ||
                !(entry.get<double>() <= high)) {
                return fmt::format("{} must be a number from {:g} to {:g}", name, low, high);
            }
            value = entry.get<double>();
            return std::string();
        });
    }
    void flag(const char* name, bool& value) {
        take(name, [&](const json& entry) {
            if (!entry.is_boolean()) {
                return fmt::format("{} must be true or false", name);
            }
            value = entry.get<bool>();
            return std::string();
        });
    }
    template <class Enum>
    void word(const char* name, std::span<const char* const> words, Enum& value) {
        take(name, [&](const json& entry) {
            const auto found = entry.is_string()
                                   ? std::find(words.begin(), words.end(), entry.get<std::string>())
                                   : words.end();
            if (found == words.end()) {
                return fmt::format("{} must be one of {}", name, fmt::join(words, ", "));
            }
            value = static_cast<Enum>(found - words.begin());
            return std::string();
        });
    }
    void keys(const char* name, KeyMap& value) {
        take(name, [&](const json& entry) {
            if (!entry.is_object()) {
                return fmt::format("{} must name actions", name);
            }
            for (const auto& [action, chords] : entry.items()) {
                if (!chords.is_string()) {
                    return fmt::format("the keys of {} must be a text", action);
                }
                value[action] = chords.get<std::string>();
            }
            return std::string();
        });
    }
    // What is left is of a later version.
    void keep_the_rest() {
        for (const auto& [name, entry] : from_.items()) {
            if (name != "schema") {
                into_.settings.unknown[name] =
                    entry.dump(-1, ' ', false, json::error_handler_t::replace);
                into_.notices.push_back(
                    fmt::format("{}: {} is not known here, and kept", subject_, name));
            }
        }
    }

 private:
    template <class Take>
    void take(const char* name, Take how) {
        if (!from_.contains(name)) {
            return;
        }
        if (const std::string problem = how(from_[name]); !problem.empty()) {
            into_.notices.push_back(fmt::format("{}: {}; left as at first", subject_, problem));
        }
        from_.erase(name);
    }

    json from_;
    std::string subject_;
    LoadedSettings& into_;
};

std::optional<json> parsed(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::file_size(file, ignored) > kMostBytes) {
        return std::nullopt;
    }
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    json from = json::parse(text.str(), nullptr, false);
    return from.is_object() ? std::optional(std::move(from)) : std::nullopt;
}

// Those that can be given: what is wrong whatever the others have is left out, and said.
KeyMap sound_keys(const KeyMap& wanted, const KeyMap& usual, std::vector<std::string>& notices) {
    KeyMap sound;
    for (const auto& [action, chords] : wanted) {
        const auto all = chords_of(chords);
        if (!usual.contains(action)) {
            notices.push_back(fmt::format("settings: there is no action {}", action));
        } else if (action == "escape") {
            notices.push_back("settings: Escape leaves what is open, and stays so");
        } else if (!std::all_of(all.begin(), all.end(),
                                [](const auto& chord) { return is_chord(chord); })) {
            notices.push_back(fmt::format("settings: '{}' of {} is no key", chords, action));
        } else {
            sound[action] = chords;
        }
    }
    return sound;
}

// All at once: two of them may have changed places. One that is refused goes back to its usual
// keys, which can be what another wants: so it is looked again until nothing is refused.
void put_keys_in_force(const KeyMap& wanted, KeyMap& keys, std::vector<std::string>& notices) {
    const KeyMap usual = keys;
    KeyMap given = sound_keys(wanted, usual, notices);
    for (bool again = true; again;) {
        again = false;
        keys = usual;
        for (const auto& [action, chords] : given) {
            keys[action] = chords;
        }
        const auto refused = std::find_if(given.rbegin(), given.rend(), [&](const auto& entry) {
            return !conflicts(keys, entry.first, entry.second).empty();
        });
        if (refused != given.rend()) {
            const std::string action = refused->first;
            const auto taken = conflicts(keys, action, refused->second);
            notices.push_back(fmt::format("settings: {} of {} is the key of {}",
                                          taken.front().chord, action, taken.front().action));
            given.erase(action);
            again = true;
        }
    }
}

}  // namespace

std::filesystem::path settings_file() {
    const auto folder = [](const char* variable) {
        const char* value = std::getenv(variable);
        return std::filesystem::path(value == nullptr ? "" : value);
    };
    const auto config = folder("XDG_CONFIG_HOME");
    if (config.is_absolute()) {
        return config / "dsm/viewer.json";
    }
    const auto home = folder("HOME");
    return home.is_absolute() ? home / ".config/dsm/viewer.json" : std::filesystem::path();
}

LoadedSettings read_settings(const std::filesystem::path& file) {
    LoadedSettings loaded;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        return loaded;
    }
    auto from = parsed(file);
    if (!from) {
        auto aside = file;
        aside += ".damaged";
        std::error_code failed;
        std::filesystem::rename(file, aside, failed);
        loaded.notices.push_back(fmt::format(
            "{}: the settings cannot be read; {}", file.string(),
            failed ? std::string("all is as at first") : "set aside as " + aside.string()));
        return loaded;
    }
    auto& settings = loaded.settings;
    Reader reader(std::move(*from), file.filename().string(), loaded);
    reader.number("text_scale", 0.8, 2.0, settings.text_scale);
    reader.word("theme", kThemeWords, settings.theme);
    reader.word("marks", kMarkStyleWords, settings.marks);
    reader.flag("read_first", settings.read_first);
    reader.word("layout", kLayoutWords, settings.layout);
    reader.keys("keys", settings.keys);
    reader.keep_the_rest();
    return loaded;
}

Result<void> write_settings(const std::filesystem::path& file, const Settings& settings) {
    json out = {{"schema", kSchema},
                {"text_scale", settings.text_scale},
                {"theme", kThemeWords[static_cast<std::size_t>(settings.theme)]},
                {"marks", kMarkStyleWords[static_cast<std::size_t>(settings.marks)]},
                {"read_first", settings.read_first},
                {"layout", kLayoutWords[static_cast<std::size_t>(settings.layout)]},
                {"keys", json::object()}};
    for (const auto& [action, chords] : settings.keys) {
        out["keys"][action] = chords;
    }
    for (const auto& [name, value] : settings.unknown) {
        out[name] = json::parse(value, nullptr, false);
    }
    std::error_code failed;
    if (file.has_parent_path()) {
        std::filesystem::create_directories(file.parent_path(), failed);
    }
    if (failed) {
        return fail(ErrorKind::io, file.string(), "cannot be written: " + failed.message(),
                    "check the folder of your settings");
    }
    return write_file_atomically(file,
                                 out.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

void put_in_force(const Settings& settings, Workspace& workspace,
                  std::vector<std::string>& notices) {
    auto& view = workspace.view;
    view.font_scale = settings.text_scale;
    view.theme = settings.theme;
    view.mark_style = settings.marks;
    view.read_first = settings.read_first;
    // Two runs side by side need them to be open.
    view.layout =
        settings.layout == Layout::two_runs ? Layout::original_subtracted : settings.layout;
    put_keys_in_force(settings.keys, workspace.keys, notices);
}

Settings settings_in_force(const Workspace& workspace, const Settings& before) {
    const auto& view = workspace.view;
    Settings settings{view.font_scale, view.theme, view.mark_style, view.read_first,
                      view.layout,     {},         before.unknown};
    if (view.layout == Layout::two_runs) {
        settings.layout = before.layout;
    }
    for (const auto& [action, chords] : workspace.keys) {
        const auto usual = workspace.usual_keys.find(action);
        if (usual != workspace.usual_keys.end() && usual->second != chords) {
            settings.keys[action] = chords;
        }
    }
    for (const auto& [action, chords] : before.keys) {
        if (!workspace.usual_keys.contains(action)) {
            settings.keys[action] = chords;
        }
    }
    return settings;
}

}  // namespace dsm::viewer
