// What a reader prefers: theme, marks, size of the text, keys; and the palette of all actions.
#include <algorithm>

#include "viewer/action_rows.h"
#include "viewer/action_table.h"
#include "viewer/keys.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

constexpr double kSmallestText = 0.8;
constexpr double kLargestText = 2.0;

Result<void> set_font_scale(Workspace& workspace, const Words& words) {
    const auto scale = words.number(0, "the scale");
    if (!scale) {
        return tl::unexpected(scale.error());
    }
    if (*scale < kSmallestText || *scale > kLargestText) {
        return words.wrong("the scale must be 0.8 to 2");
    }
    workspace.view.font_scale = *scale;
    return {};
}

Action scale_row(const char* name, const char* label, double scale) {
    return {name,
            label,
            "",
            "",
            Menu::view,
            always,
            [scale](Workspace& w, const Words&) -> Result<void> {
                w.view.font_scale = scale;
                return {};
            },
            [scale](const Workspace& w) { return w.view.font_scale == scale; }};
}

template <class Enum, std::size_t size>
Action choice_row(const char* name, const char* label, const char* usage,
                  const char* const (&words_of)[size], Enum ViewState::*member) {
    return {name,
            label,
            "",
            usage,
            Menu::none,
            always,
            [&words_of, label, member](Workspace& w, const Words& words) -> Result<void> {
                const auto choice = words.choice(0, words_of, label);
                if (!choice) {
                    return tl::unexpected(choice.error());
                }
                w.view.*member = static_cast<Enum>(*choice);
                return {};
            },
            {}};
}

std::string owners(const ActionTable& table, const std::vector<KeyConflict>& taken) {
    std::string text;
    for (const auto& [chord, other] : taken) {
        const auto* action = table.find(other);
        text += (text.empty() ? "" : ", ") + chord + " is the key of '" +
                (action == nullptr ? other : action->label) + "'";
    }
    return text;
}

// `set-key NAME "KEYS" [take]`; "" takes all keys away.
Result<void> set_key(const ActionTable& table, Workspace& workspace, const Words& words) {
    constexpr const char* kTake[] = {"take"};
    const auto name = words.text(0, "the name of an action");
    const auto keys = words.text(1, "its keys");
    if (!name || !keys) {
        return tl::unexpected(!name ? name.error() : keys.error());
    }
    if (!workspace.keys.contains(*name)) {
        return words.wrong("there is no action '" + *name + "'");
    }
    const auto chords = chords_of(*keys);
    for (const auto& chord : chords) {
        if (!is_chord(chord)) {
            return words.wrong("'" + chord + "' is no key: Ctrl+Shift+Z, F4 or ? are");
        }
    }
    const bool escapes = std::find(chords.begin(), chords.end(), "Escape") != chords.end();
    if (escapes || *name == "escape") {
        return words.wrong("Escape leaves what is open, and stays so");
    }
    if (words.count() > 2) {
        if (const auto take = words.choice(2, kTake, "the third word"); !take) {
            return tl::unexpected(take.error());
        }
        workspace.keys = taken_from_others(std::move(workspace.keys), *name, *keys);
    }
    if (const auto taken = conflicts(workspace.keys, *name, *keys); !taken.empty()) {
        workspace.view.key_wanted = KeyWanted{*name, *keys, owners(table, taken)};
        return fail(ErrorKind::invalid_input, "set-key", owners(table, taken),
                    "choose another, or take it away from there");
    }
    workspace.keys[*name] = *keys;
    workspace.view.key_wanted.reset();
    workspace.say("'" + table.find(*name)->label + "' has " +
                  (keys->empty() ? std::string("no key") : readable_keys(*keys)));
    return {};
}

// The next key pressed is given to the action; "off" gives up.
Result<void> change_key(Workspace& workspace, const Words& words) {
    const auto name = words.text(0, "the name of an action, or off");
    if (!name) {
        return tl::unexpected(name.error());
    }
    if (*name != "off" && !workspace.keys.contains(*name)) {
        return words.wrong("there is no action '" + *name + "'");
    }
    workspace.view.key_of = *name == "off" ? std::string() : *name;
    workspace.view.key_wanted.reset();
    return {};
}

// With a name that action's keys alone, but for what others have been given of them.
Result<void> reset_keys(Workspace& workspace, const Words& words) {
    workspace.view.key_wanted.reset();
    if (words.count() == 0) {
        workspace.keys = workspace.usual_keys;
        workspace.say("All keys are as at first");
        return {};
    }
    const auto name = words.text(0, "the name of an action");
    const auto usual = workspace.usual_keys.find(*name);
    if (usual == workspace.usual_keys.end()) {
        return words.wrong("there is no action '" + *name + "'");
    }
    const auto taken = conflicts(workspace.keys, *name, usual->second);
    if (!taken.empty()) {
        return words.wrong(taken.front().chord + " is the key of " + taken.front().action + " now");
    }
    workspace.keys[*name] = usual->second;
    return {};
}

}  // namespace

void add_preference_actions(ActionTable& table) {
    table.add(flag("palette", "Find an action...", "Ctrl+Shift+P", Menu::help,
                   &ViewState::palette_shown));
    table.add(flag("preferences", "Preferences and keys...", "F10", Menu::file,
                   &ViewState::preferences_shown));
    table.add(
        {"font-scale", "Size of the text", "", "TIMES", Menu::none, always, set_font_scale, {}});
    table.add(scale_row("text-100", "Text 100 %", 1.0));
    table.add(scale_row("text-125", "Text 125 %", 1.25));
    table.add(scale_row("text-150", "Text 150 %", 1.5));
    table.add(scale_row("text-200", "Text 200 %", 2.0));
    table.add(choice_row("theme", "Theme", "dark|black|contrast", kThemeWords, &ViewState::theme));
    table.add(choice_row("marks", "Marks told apart by", "colours|shapes", kMarkStyleWords,
                         &ViewState::mark_style));
    table.add({"set-key",
               "Give an action keys",
               "",
               "NAME \"KEYS\" [take]",
               Menu::none,
               always,
               [&table](Workspace& w, const Words& words) { return set_key(table, w, words); },
               {}});
    table.add({"change-key",
               "Give an action the next key pressed",
               "",
               "NAME|off",
               Menu::none,
               always,
               change_key,
               {}});
    table.add({"reset-keys", "Keys as at first", "", "[NAME]", Menu::none, always, reset_keys, {}});
}

}  // namespace dsm::viewer
