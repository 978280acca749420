// The one list of what the viewer can do. Menus, keys, buttons, help and scripts all read it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsp/core/result.h"
#include "viewer/invocation.h"
#include "viewer/keys.h"

namespace dsm::viewer {

struct Workspace;

// The words after an action's name, read as what the action needs. Errors say what was expected.
class Words {
 public:
    explicit Words(const Invocation& invocation) : invocation_(invocation) {}
    [[nodiscard]] std::size_t count() const { return invocation_.arguments.size(); }
    [[nodiscard]] Result<std::string> text(std::size_t at, const char* what) const;
    [[nodiscard]] Result<double> number(std::size_t at, const char* what) const;  // finite
    [[nodiscard]] Result<int> whole(std::size_t at, const char* what) const;
    // Numbers from word `first` to the end.
    [[nodiscard]] Result<std::vector<double>> numbers(std::size_t first, const char* what) const;
    // The position of the word among `choices`.
    [[nodiscard]] Result<std::size_t> choice(std::size_t at, std::span<const char* const> choices,
                                             const char* what) const;
    [[nodiscard]] tl::unexpected<Error> wrong(const std::string& what) const;

 private:
    const Invocation& invocation_;
};

enum class Menu { none, file, view, playback, picture, processing, marks, help };

struct Action {
    std::string name;   // as a script says it
    std::string label;  // as a menu says it
    std::string keys;   // as at first: "Ctrl+Z", several separated by blanks; may be empty
    std::string usage;  // the words it takes: "X Y \"TEXT\""; empty for none
    Menu menu{Menu::none};
    std::function<bool(const Workspace&)> enabled;
    std::function<Result<void>(Workspace&, const Words&)> run;
    std::function<bool(const Workspace&)> checked;  // for menu ticks; may be empty
    bool held{false};  // runs with "on" while the key is down and with "off" when it comes up
};

class ActionTable {
 public:
    ActionTable();
    // Rows know the table they are in.
    ActionTable(const ActionTable&) = delete;
    ActionTable& operator=(const ActionTable&) = delete;
    ActionTable(ActionTable&&) = delete;
    ActionTable& operator=(ActionTable&&) = delete;
    ~ActionTable() = default;
    [[nodiscard]] const std::vector<Action>& actions() const { return actions_; }
    [[nodiscard]] const Action* find(std::string_view name) const;
    // By the keys in force; null for a chord that no action has.
    [[nodiscard]] const Action* for_key(std::string_view chord, const KeyMap& keys) const;
    // The actions that are held down by a key, whatever modifiers were let go before it.
    [[nodiscard]] std::vector<const Action*> held_by(std::string_view key,
                                                     const KeyMap& keys) const;
    [[nodiscard]] KeyMap usual_keys() const;
    // Unknown names, disabled actions and failures come back as errors.
    [[nodiscard]] Result<void> perform(Workspace&, const Invocation&) const;
    void add(Action action) { actions_.push_back(std::move(action)); }

 private:
    std::vector<Action> actions_;
};

// The rows, by subject. ActionTable's constructor adds them all.
void add_file_actions(ActionTable&);
void add_report_actions(ActionTable&);
void add_export_actions(ActionTable&);
void add_view_actions(ActionTable&);
void add_playback_actions(ActionTable&);
void add_picture_actions(ActionTable&);
void add_processing_actions(ActionTable&);
void add_mark_actions(ActionTable&);
void add_annotation_actions(ActionTable&);
void add_key_image_actions(ActionTable&);
void add_highlight_actions(ActionTable&);
void add_level_actions(ActionTable&);
void add_preference_actions(ActionTable&);
void add_archive_actions(ActionTable&);
void add_study_actions(ActionTable&);
void add_help_actions(ActionTable&);
void add_timing_actions(ActionTable&);

[[nodiscard]] bool always(const Workspace&);
[[nodiscard]] bool has_run(const Workspace&);

}  // namespace dsm::viewer
