#include "viewer/keys.h"

#include <catch2/catch.hpp>

#include "viewer/action_table.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

struct Keyed {
    Keyed() {
        workspace.usual_keys = table.usual_keys();
        workspace.keys = workspace.usual_keys;
    }
    [[nodiscard]] bool did(const Invocation& invocation) {
        return table.perform(workspace, invocation).has_value();
    }
    [[nodiscard]] std::string owner(const std::string& chord) const {
        const auto* action = table.for_key(chord, workspace.keys);
        return action == nullptr ? "" : action->name;
    }
    ActionTable table;
    Workspace workspace;
};

}  // namespace

TEST_CASE("chords are modifiers in their order and a key that the window names") {
    for (const char* chord :
         {"A", "7", "Space", "F12", "?", "[", "Ctrl+Z", "Ctrl+Alt+Shift+Left"}) {
        CAPTURE(chord);
        CHECK(is_chord(chord));
    }
    for (const char* none : {"", "a", "Ctrl+", "Shift+Ctrl+A", "Ctrl+Ctrl+A", "F13", "Ctrl+?",
                             "Meta+A", "A B", "Ctrl+Z ", "\xc3\x84"}) {
        CAPTURE(none);
        CHECK_FALSE(is_chord(none));
    }
}

TEST_CASE("every key of the table is a chord, and no two actions share one") {
    const ActionTable table;
    const auto keys = table.usual_keys();
    for (const auto& [action, chords] : keys) {
        CAPTURE(action, chords);
        CHECK(conflicts(keys, action, chords).empty());
        for (const auto& chord : chords_of(chords)) {
            CHECK(is_chord(chord));
        }
    }
}

TEST_CASE("a key that another action has is refused by its name, unless it is taken") {
    Keyed viewer;
    CHECK(viewer.owner("Ctrl+S") == "save-picture");
    const auto refused = viewer.table.perform(viewer.workspace, {"set-key", {"help", "Ctrl+S F8"}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message().find("Save picture") != std::string::npos);
    REQUIRE(viewer.workspace.view.key_wanted);
    CHECK(viewer.workspace.view.key_wanted->action == "help");
    CHECK(viewer.owner("Ctrl+S") == "save-picture");
    CHECK(viewer.owner("F8").empty());

    REQUIRE(viewer.did({"set-key", {"help", "Ctrl+S F8", "take"}}));
    CHECK_FALSE(viewer.workspace.view.key_wanted);
    CHECK(viewer.owner("Ctrl+S") == "help");
    CHECK(viewer.owner("F8") == "help");
    CHECK(viewer.owner("F1").empty());
    CHECK(viewer.workspace.keys["save-picture"].empty());
    CHECK(key_hint(viewer.workspace.keys, "help") == " (Ctrl+S or F8)");
    CHECK(key_hint(viewer.workspace.keys, "save-picture").empty());

    CHECK_FALSE(viewer.did({"reset-keys", {"save-picture"}}));  // help has its key
    REQUIRE(viewer.did({"reset-keys", {"help"}}));
    REQUIRE(viewer.did({"reset-keys", {"save-picture"}}));
    CHECK(viewer.workspace.keys == viewer.workspace.usual_keys);
}

TEST_CASE("what is no key, no action, or Escape is refused; keys can be taken away and come back") {
    Keyed viewer;
    CHECK_FALSE(viewer.did({"set-key", {"fly", "F8"}}));
    CHECK_FALSE(viewer.did({"set-key", {"help", "Hyper+F8"}}));
    CHECK_FALSE(viewer.did({"set-key", {"help", "Escape", "take"}}));
    CHECK_FALSE(viewer.did({"set-key", {"escape", "F8"}}));
    REQUIRE(viewer.did({"set-key", {"help", ""}}));
    CHECK(viewer.owner("?").empty());
    REQUIRE(viewer.did({"reset-keys", {}}));
    CHECK(viewer.owner("?") == "help");
    REQUIRE(viewer.did({"change-key", {"help"}}));
    CHECK(viewer.workspace.view.key_of == "help");
    REQUIRE(viewer.did({"escape", {}}));
    CHECK(viewer.workspace.view.key_of.empty());
}

TEST_CASE("an action that is held comes up whatever modifiers were let go before it") {
    Keyed viewer;
    const auto held = [&](const std::string& key) {
        std::vector<std::string> names;
        for (const auto* action : viewer.table.held_by(key, viewer.workspace.keys)) {
            names.push_back(action->name);
        }
        return names;
    };
    CHECK(held("N") == std::vector<std::string>{"hold-native"});
    REQUIRE(viewer.did({"set-key", {"hold-native", "Ctrl+F8"}}));
    CHECK(held("N").empty());
    CHECK(held("F8") == std::vector<std::string>{"hold-native"});
}
