#include <catch2/catch.hpp>

#include "tests/support/support.h"
#include "tests/viewer/sample_run.h"
#include "viewer/action_table.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

// Opens a sample and lives through its processing.
void open_processed(const ActionTable& table, Workspace& workspace,
                    const test::TemporaryFolder& folder) {
    const auto run = test_runs::copied_sample(folder, "fistula_right_t9");
    REQUIRE(table.perform(workspace, {"open", {run.string()}}));
    test_runs::wait_for_work(workspace);
    REQUIRE(workspace.run()->findings()->highlights.size() > 1);
}

}  // namespace

TEST_CASE("highlights are gone through both ways, round and round, and judged where one stands") {
    const test::TemporaryFolder folder;
    const ActionTable table;
    Workspace workspace;
    open_processed(table, workspace, folder);
    const auto highlights = workspace.run()->findings()->highlights;
    auto& selected = workspace.run_view().selected_highlight;

    CHECK_FALSE(table.perform(workspace, {"confirm-highlight", {}}));  // none is selected
    for (std::size_t i = 0; i <= highlights.size(); ++i) {
        CHECK(table.perform(workspace, {"next-highlight", {}}));
        CHECK(selected == highlights[i % highlights.size()].id);
    }
    CHECK(table.perform(workspace, {"previous-highlight", {}}));
    CHECK(selected == highlights.back().id);

    const auto verdict = [&] {
        const auto* given = verdict_on(workspace.run_review(), highlights.back());
        return given == nullptr ? Verdict::none : given->verdict;
    };
    CHECK(table.perform(workspace, {"confirm-highlight", {}}));
    CHECK(verdict() == Verdict::confirmed);
    CHECK(table.perform(workspace, {"reject-highlight", {}}));
    CHECK(verdict() == Verdict::rejected);
    CHECK(table.perform(workspace, {"reject-highlight", {}}));  // said twice: taken back
    CHECK(verdict() == Verdict::none);
}

TEST_CASE("who reads first is shown nothing of what was found until it is revealed") {
    const test::TemporaryFolder folder;
    const ActionTable table;
    Workspace workspace;
    open_processed(table, workspace, folder);
    CHECK(shown_findings(workspace) != nullptr);
    CHECK_FALSE(table.perform(workspace, {"reveal-highlights", {}}));  // nothing is hidden
    CHECK(table.perform(workspace, {"read-first", {"on"}}));
    CHECK(shown_findings(workspace) == nullptr);
    CHECK_FALSE(table.perform(workspace, {"next-highlight", {}}));
    CHECK_FALSE(table.perform(workspace, {"select-highlight", {"1"}}));
    CHECK_FALSE(table.perform(workspace, {"verdict", {"1", "confirm"}}));
    CHECK(table.perform(workspace, {"reveal-highlights", {}}));
    CHECK(shown_findings(workspace) != nullptr);
    CHECK(table.perform(workspace, {"next-highlight", {}}));
}
