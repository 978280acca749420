#include "viewer/palette.h"

#include <catch2/catch.hpp>

#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

std::vector<std::string> found(const ActionTable& table, const std::string& text) {
    const Workspace workspace;
    std::vector<std::string> names;
    for (const auto* action : matching_actions(table, workspace, text)) {
        names.push_back(action->name);
    }
    return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

TEST_CASE("every action can be found, by each of its names") {
    const ActionTable table;
    CHECK(found(table, "").size() == table.actions().size());
    for (const auto& action : table.actions()) {
        CAPTURE(action.name);
        CHECK(found(table, action.name).front() == action.name);
        CHECK(contains(found(table, action.label), action.name));
    }
}

TEST_CASE("a few letters find an action, capital or not, in any order of words") {
    const ActionTable table;
    CHECK(found(table, "peak").front() == "peak-map");
    CHECK(found(table, "FILM").front() == "save-film");
    CHECK(contains(found(table, "map peak"), "peak-map"));
    CHECK(contains(found(table, "nxthl"), "next-highlight"));
    CHECK(found(table, "zzzz").empty());
}

TEST_CASE("words behind a name are for the action") {
    const ActionTable table;
    CHECK(found(table, "goto 31").front() == "goto");
    CHECK(found(table, "annotate-line 1 2 3 4").front() == "annotate-line");
}

TEST_CASE("what can be done now comes before what cannot") {
    const ActionTable table;
    const Workspace empty;
    const auto actions = matching_actions(table, empty, "open");
    bool impossible = false;
    for (const auto* action : actions) {
        if (action->label.starts_with("Open")) {
            CHECK_FALSE((impossible && action->enabled(empty)));
            impossible = impossible || !action->enabled(empty);
        }
    }
    CHECK(actions.front()->enabled(empty));
}
