// The report by name, as scripts and the menu ask for it.
#include <catch2/catch.hpp>

#include "tests/support/support.h"
#include "tests/viewer/sample_run.h"
#include "viewer/action_table.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

TEST_CASE("a report is written by name once the run is processed, and not before it is revealed") {
    const test::TemporaryFolder folder;
    const auto run = test_runs::copied_sample(folder);
    const ActionTable table;
    Workspace workspace;
    REQUIRE(table.perform(workspace, {"open", {run.string()}}));
    test_runs::wait_for_work(workspace);
    REQUIRE(workspace.run()->findings() != nullptr);
    const auto& highlights = workspace.run()->findings()->result->highlights;
    REQUIRE_FALSE(highlights.empty());
    REQUIRE(table.perform(workspace, {"verdict", {std::to_string(highlights[0].id), "reject"}}));
    workspace.view.read_first = true;
    const auto text = folder.path() / "r.txt";
    CHECK_FALSE(table.perform(workspace, {"report", {text.string()}}));
    workspace.view.read_first = false;
    REQUIRE(table.perform(workspace, {"report", {text.string()}}));
    CHECK(test::read_file(text).find("0 confirmed, 1 rejected") != std::string::npos);
    REQUIRE(table.perform(workspace, {"report", {text.string(), "anonymous"}}));
    CHECK(test::read_file(text).find("PHANTOM^") == std::string::npos);
    CHECK_FALSE(table.perform(workspace, {"report", {(folder.path() / "r.doc").string()}}));
    REQUIRE(table.perform(workspace, {"report", {}}));
    CHECK(test::read_file(folder.path() / "run_report.pdf").starts_with("%PDF-"));
    REQUIRE(table.perform(workspace, {"report-copy", {}}));
    REQUIRE(workspace.requests.clipboard);
    CHECK(workspace.requests.clipboard->find("not for diagnostic use") != std::string::npos);
}
