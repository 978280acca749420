#include "viewer/settings.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "tests/support/support.h"
#include "viewer/action_table.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

Settings changed() {
    Settings settings;
    settings.text_scale = 1.5;
    settings.theme = Theme::contrast;
    settings.marks = MarkStyle::shapes;
    settings.read_first = true;
    settings.layout = Layout::quad;
    settings.keys = {{"help", "F8 ?"}, {"invert", ""}};
    return settings;
}

LoadedSettings read_text(const test::TemporaryFolder& folder, const std::string& text) {
    const auto file = folder.path() / "viewer.json";
    std::ofstream(file) << text;
    return read_settings(file);
}

}  // namespace

TEST_CASE("settings come back as they were written, in a folder that is made for them") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "config/dsm/viewer.json";
    REQUIRE(write_settings(file, changed()));
    const auto loaded = read_settings(file);
    CHECK(loaded.settings == changed());
    CHECK(loaded.notices.empty());
    CHECK(read_settings(folder.path() / "none.json").settings == Settings{});
}

TEST_CASE("settings of a later version are kept and mentioned") {
    const test::TemporaryFolder folder;
    auto loaded = read_text(folder, R"({"text_scale": 1.25, "voice": {"loud": [1, 2]}})");
    CHECK(loaded.settings.text_scale == 1.25);
    REQUIRE(loaded.notices.size() == 1);
    CHECK(loaded.notices[0].find("voice") != std::string::npos);
    REQUIRE(write_settings(folder.path() / "again.json", loaded.settings));
    CHECK(test::read_file(folder.path() / "again.json").find("loud") != std::string::npos);
    CHECK(read_settings(folder.path() / "again.json").settings == loaded.settings);
}

TEST_CASE("what is wrong in the settings is as at first, and said; the rest counts") {
    const test::TemporaryFolder folder;
    const auto loaded = read_text(
        folder, R"({"text_scale": 9, "theme": "pink", "read_first": true, "keys": {"help": 3}})");
    CHECK(loaded.settings.text_scale == 1.0);
    CHECK(loaded.settings.theme == Theme::dark);
    CHECK(loaded.settings.read_first);
    CHECK(loaded.notices.size() == 3);
    for (const char* hostile : {R"({"text_scale": 1e999})", R"({"text_scale": null})",
                                R"({"keys": []})", R"({"marks": 7})"}) {
        CAPTURE(hostile);
        CHECK(read_text(folder, hostile).settings.text_scale == 1.0);
    }
}

TEST_CASE("a file that is no settings is set aside, never lost") {
    const test::TemporaryFolder folder;
    for (const char* text : {"", "{", "[1, 2]", "hello"}) {
        CAPTURE(text);
        const auto loaded = read_text(folder, text);
        CHECK(loaded.settings == Settings{});
        CHECK(loaded.notices.size() == 1);
        CHECK_FALSE(std::filesystem::exists(folder.path() / "viewer.json"));
        CHECK(test::read_file(folder.path() / "viewer.json.damaged") == text);
    }
}

TEST_CASE("settings are put in force and taken from there") {
    const ActionTable table;
    Workspace workspace;
    workspace.usual_keys = table.usual_keys();
    workspace.keys = workspace.usual_keys;
    std::vector<std::string> notices;
    put_in_force(changed(), workspace, notices);
    CHECK(notices.empty());
    CHECK(workspace.view.font_scale == 1.5);
    CHECK(workspace.view.layout == Layout::quad);
    CHECK(table.for_key("F8", workspace.keys)->name == "help");
    CHECK(table.for_key("I", workspace.keys) == nullptr);
    CHECK(settings_in_force(workspace, changed()) == changed());
    // Two runs side by side is no way to begin.
    workspace.view.layout = Layout::two_runs;
    CHECK(settings_in_force(workspace, changed()).layout == Layout::quad);
}

TEST_CASE("keys may change places; those that do not fit are left out and said") {
    const ActionTable table;
    Workspace workspace;
    workspace.usual_keys = table.usual_keys();
    workspace.keys = workspace.usual_keys;
    Settings settings;
    settings.keys = {{"peak-map", "Q"}, {"arrival-map", "P"}};
    std::vector<std::string> notices;
    put_in_force(settings, workspace, notices);
    CHECK(notices.empty());
    CHECK(table.for_key("Q", workspace.keys)->name == "peak-map");
    workspace.keys = workspace.usual_keys;
    settings.keys = {{"peak-map", "Ctrl+S"}, {"fly", "F8"}, {"help", "Hyper+1"}};
    put_in_force(settings, workspace, notices);
    CHECK(notices.size() == 3);
    CHECK(table.for_key("Ctrl+S", workspace.keys)->name == "save-picture");
    // What is refused leaves the usual keys, and nothing to save but what a later version may know.
    CHECK(workspace.keys == workspace.usual_keys);
    CHECK(settings_in_force(workspace, settings).keys == KeyMap{{"fly", "F8"}});
}

TEST_CASE("no settings take the usual key of a refused action, nor Escape") {
    const ActionTable table;
    Workspace workspace;
    workspace.usual_keys = table.usual_keys();
    workspace.keys = workspace.usual_keys;
    Settings settings;
    settings.keys = {{"peak-map", "Ctrl+S"},
                     {"invert", workspace.usual_keys.at("peak-map")},
                     {"escape", "F8"},
                     {"help", "Escape"}};
    std::vector<std::string> notices;
    put_in_force(settings, workspace, notices);
    CHECK(notices.size() == 4);
    CHECK(workspace.keys == workspace.usual_keys);
}

TEST_CASE("settings named without a folder are in the current one") {
    const test::TemporaryFolder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    const auto written = write_settings("mine.json", changed());
    std::filesystem::current_path(before);
    REQUIRE(written);
    CHECK(read_settings(folder.path() / "mine.json").settings == changed());
    std::ofstream(folder.path() / "file") << "no folder";
    CHECK_FALSE(write_settings(folder.path() / "file/mine.json", changed()));
}

TEST_CASE("the settings lie in the user's configuration") {
    ::setenv("XDG_CONFIG_HOME", "/some/config", 1);
    CHECK(settings_file() == "/some/config/dsm/viewer.json");
    ::setenv("XDG_CONFIG_HOME", "relative", 1);
    ::setenv("HOME", "/home/reader", 1);
    CHECK(settings_file() == "/home/reader/.config/dsm/viewer.json");
}
