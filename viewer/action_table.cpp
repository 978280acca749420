#include "viewer/action_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <exception>
#include <span>

#include "viewer/workspace.h"

namespace dsm::viewer {

tl::unexpected<Error> Words::wrong(const std::string& what) const {
    return fail(ErrorKind::invalid_input, invocation_.action, what);
}

Result<std::string> Words::text(std::size_t at, const char* what) const {
    if (at >= count()) {
        return wrong(std::string(what) + " is missing");
    }
    return invocation_.arguments[at];
}

Result<double> Words::number(std::size_t at, const char* what) const {
    const auto word = text(at, what);
    if (!word) {
        return tl::unexpected(word.error());
    }
    double value = 0.0;
    const auto [end, code] = std::from_chars(word->data(), word->data() + word->size(), value);
    if (code != std::errc{} || end != word->data() + word->size() || !std::isfinite(value)) {
        return wrong(std::string(what) + " must be a number, not '" + *word + "'");
    }
    return value;
}

Result<int> Words::whole(std::size_t at, const char* what) const {
    const auto value = number(at, what);
    if (!value) {
        return tl::unexpected(value.error());
    }
    if (*value != std::floor(*value) || std::abs(*value) > 1e9) {
        return wrong(std::string(what) + " must be a whole number");
    }
    return static_cast<int>(*value);
}

Result<std::vector<double>> Words::numbers(std::size_t first, const char* what) const {
    std::vector<double> values;
    for (std::size_t at = first; at < count(); ++at) {
        const auto value = number(at, what);
        if (!value) {
            return tl::unexpected(value.error());
        }
        values.push_back(*value);
    }
    return values;
}

Result<std::size_t> Words::choice(std::size_t at, std::span<const char* const> choices,
                                  const char* what) const {
    const auto word = text(at, what);
    if (!word) {
        return tl::unexpected(word.error());
    }
    const auto found = std::find(choices.begin(), choices.end(), *word);
    if (found != choices.end()) {
        return static_cast<std::size_t>(found - choices.begin());
    }
    std::string known;
    for (const char* each : choices) {
        known += known.empty() ? "" : ", ";
        known += each;
    }
    return wrong(std::string(what) + " must be one of " + known + ", not '" + *word + "'");
}

ActionTable::ActionTable() {
    add_file_actions(*this);
    add_report_actions(*this);
    add_export_actions(*this);
    add_archive_actions(*this);
    add_study_actions(*this);
    add_view_actions(*this);
    add_playback_actions(*this);
    add_picture_actions(*this);
    add_processing_actions(*this);
    add_highlight_actions(*this);
    add_level_actions(*this);
    add_mark_actions(*this);
    add_annotation_actions(*this);
    add_key_image_actions(*this);
    add_preference_actions(*this);
    add_help_actions(*this);
    add_timing_actions(*this);
}

const Action* ActionTable::find(std::string_view name) const {
    const auto found = std::find_if(actions_.begin(), actions_.end(),
                                    [&](const Action& action) { return action.name == name; });
    return found == actions_.end() ? nullptr : &*found;
}

const Action* ActionTable::for_key(std::string_view chord, const KeyMap& keys) const {
    for (const auto& [name, has] : keys) {
        const auto chords = chords_of(has);
        if (std::find(chords.begin(), chords.end(), chord) != chords.end()) {
            return find(name);
        }
    }
    return nullptr;
}

std::vector<const Action*> ActionTable::held_by(std::string_view key, const KeyMap& keys) const {
    std::vector<const Action*> found;
    for (const auto& action : actions_) {
        const auto has = action.held ? keys.find(action.name) : keys.end();
        if (has == keys.end()) {
            continue;
        }
        const auto chords = chords_of(has->second);
        const bool ends_so = std::any_of(chords.begin(), chords.end(), [&](const auto& chord) {
            return chord == key || chord.ends_with("+" + std::string(key));
        });
        if (ends_so) {
            found.push_back(&action);
        }
    }
    return found;
}

KeyMap ActionTable::usual_keys() const {
    KeyMap keys;
    for (const auto& action : actions_) {
        keys[action.name] = action.keys;
    }
    return keys;
}

Result<void> ActionTable::perform(Workspace& workspace, const Invocation& invocation) const {
    const auto* action = find(invocation.action);
    if (action == nullptr) {
        return fail(ErrorKind::invalid_input, invocation.action, "there is no such action",
                    "see the list under ?");
    }
    if (!action->enabled(workspace)) {
        return fail(ErrorKind::invalid_input, invocation.action, "cannot be done now",
                    has_run(workspace) ? "" : "open a run first");
    }
    try {
        return action->run(workspace, Words(invocation));
    } catch (const std::exception& surprise) {
        return fail(ErrorKind::internal, invocation.action, surprise.what());
    }
}

bool always(const Workspace&) {
    return true;
}

bool has_run(const Workspace& workspace) {
    return workspace.study.run() != nullptr;
}

}  // namespace dsm::viewer
