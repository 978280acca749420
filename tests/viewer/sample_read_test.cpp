// The read of the sample that README.md tells is the one that the script plays.
#include <catch2/catch.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "tests/support/support.h"
#include "viewer/action_table.h"
#include "viewer/script.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

const std::filesystem::path kScript =
    std::filesystem::path(DSM_SOURCE_DIR) / "sample_runs/fistula_right_t9/read.txt";

// "7. P: the peak opacity of the whole run", by number.
std::vector<std::string> acts() {
    std::vector<std::string> found;
    std::istringstream script(test::read_file(kScript));
    const std::regex act("# ([0-9]+\\. .*)");
    std::smatch match;
    for (std::string line; std::getline(script, line);) {
        if (std::regex_match(line, match, act)) {
            found.push_back(match[1]);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("the sample is read in at most 25 acts, and README.md tells each of them") {
    const auto all = acts();
    CHECK(all.size() >= 20);
    CHECK(all.size() <= 25);
    const auto readme = test::read_file(std::filesystem::path(DSM_SOURCE_DIR) / "README.md");
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(all[i]);
        CHECK(all[i].starts_with(std::to_string(i + 1) + ". "));
        CHECK(readme.find("\n" + all[i] + ".\n") != std::string::npos);
    }
}

TEST_CASE("every line of the read is an action, and the keys it names are those of its actions") {
    const auto lines = read_script(kScript);
    REQUIRE(lines);
    const ActionTable table;
    std::set<std::string> used;
    for (const auto& line : *lines) {
        CAPTURE(line.text);
        CHECK(table.find(line.invocation.action) != nullptr);
        used.insert(line.invocation.action);
    }
    const auto keys = table.usual_keys();
    for (const auto& [chord, action] :
         std::vector<std::pair<std::string, std::string>>{{"Ctrl+O", "open-dialog"},
                                                          {"Space", "play-pause"},
                                                          {"End", "last-frame"},
                                                          {"U", "hold-unregistered"},
                                                          {"P", "peak-map"},
                                                          {"L", "tool-level"},
                                                          {"J", "next-highlight"},
                                                          {"Y", "confirm-highlight"},
                                                          {"A", "tool-arrow"},
                                                          {"Shift+L", "tool-line"},
                                                          {"E", "tool-ellipse"},
                                                          {"Ctrl+Shift+S", "save-film"},
                                                          {"Ctrl+P", "report"}}) {
        CAPTURE(chord);
        REQUIRE(table.for_key(chord, keys) != nullptr);
        CHECK(table.for_key(chord, keys)->name == action);
    }
    for (const char* act : {"play", "mark-level", "next-highlight", "confirm-highlight",
                            "annotate-arrow", "annotate-line", "save-film", "report"}) {
        CHECK(used.contains(act));
    }
}
