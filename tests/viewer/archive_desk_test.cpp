// The viewer's browser of archives against a real Orthanc, by DICOM and by DICOMweb.
#include "viewer/archive_desk.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/pacs/other_programs.h"
#include "tests/support/support.h"
#include "tests/viewer/sample_run.h"
#include "viewer/action_table.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

struct Desk {
    ActionTable table;
    Workspace workspace;

    bool did(const std::string& action, std::vector<std::string> words = {}) {
        const auto done = table.perform(workspace, {action, std::move(words)});
        said = done ? "" : done.error().message();
        return done.has_value();
    }
    // Without its answer after half a minute, false.
    bool answered() {
        for (int i = 0; i < 3000 && workspace.archives.job != nullptr; ++i) {
            tend_archives(workspace);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return workspace.archives.job == nullptr;
    }
    std::string said;
};

void write_list(const test::TemporaryFolder& folder, const std::string& by_dicom,
                const std::string& by_web) {
    ::setenv("XDG_CONFIG_HOME", folder.path().c_str(), 1);
    std::filesystem::create_directories(folder.path() / "dsm");
    nlohmann::json list = nlohmann::json::array();
    list.push_back({{"name", "dicom"}, {"address", by_dicom}});
    if (!by_web.empty()) {
        list.push_back({{"name", "web"}, {"address", by_web}});
    }
    std::ofstream(folder.path() / "dsm" / "archives.json")
        << nlohmann::json{{"archives", list}}.dump();
}

}  // namespace

TEST_CASE("archives: a study is found, fetched, opened, and its results are sent back") {
    test::enter_private_network();
    if (test::is_missing("Orthanc") || test::is_missing("curl")) {
        return;
    }
    const test::TemporaryFolder folder;
    const auto plugin = test::web_plugin();
    const test::Orthanc archive(
        {}, plugin ? nlohmann::json{{"Plugins", {*plugin}}}.dump() : std::string());
    write_list(folder, archive.peer(), plugin ? archive.web() : "");
    const auto run = test_runs::copied_sample(folder);
    std::vector<std::filesystem::path> files{run};
    REQUIRE(send_to(*parse_archive(archive.peer()), files, {}));

    Desk desk;
    auto& archives = desk.workspace.archives;
    CHECK_FALSE(desk.did("archive-find"));
    CHECK(desk.said.find("none is chosen") != std::string::npos);
    REQUIRE(desk.did("archives", {"on"}));
    for (const char* name : {"dicom", "web"}) {
        if (name == std::string("web") && !plugin) {
            continue;
        }
        INFO(name);
        REQUIRE(desk.did("archive", {name}));
        REQUIRE(desk.did("archive-ask", {"date", "18000101-18000102"}));
        REQUIRE(desk.did("archive-find"));
        REQUIRE(desk.answered());
        CHECK_FALSE(archives.failure);
        CHECK(archives.studies.empty());
        CHECK(archives.said == "No study of that kind");
        CHECK_FALSE(desk.did("archive-fetch"));
        REQUIRE(desk.did("archive-ask", {"date"}));
        REQUIRE(desk.did("archive-ask", {"modality", "XA"}));
        REQUIRE(desk.did("archive-find"));
        REQUIRE(desk.answered());
        REQUIRE(archives.studies.size() == 1);
        REQUIRE(desk.did("archive-select", {"1"}));
        CHECK_FALSE(desk.did("archive-select", {"2"}));
        const auto place = folder.path() / name;
        REQUIRE(desk.did("archives", {"on"}));
        REQUIRE(desk.did("archive-fetch", {place.string()}));
        REQUIRE(desk.answered());
        INFO((archives.failure ? archives.failure->message() : std::string()));
        CHECK_FALSE(archives.failure);
        CHECK_FALSE(desk.workspace.view.archives_shown);
        REQUIRE(desk.workspace.run() != nullptr);
        CHECK(desk.workspace.run()->info().file.parent_path() == place);
    }
    test_runs::wait_for_work(desk.workspace);
    REQUIRE(desk.did("archive", {"dicom"}));
    const std::size_t before = archive.instances().size();
    REQUIRE(desk.did("archive-send"));
    REQUIRE(desk.answered());
    INFO((archives.failure ? archives.failure->message() : std::string()));
    CHECK_FALSE(archives.failure);
    // Two presentation states, a report, key objects.
    CHECK(archive.instances().size() == before + 4);
}

TEST_CASE("archives: what goes wrong is said where it was asked, and can be given up") {
    test::enter_private_network();
    const test::TemporaryFolder folder;
    const std::string nobody = "PACS@127.0.0.1:" + std::to_string(test::free_port());
    write_list(folder, nobody, "");
    Desk desk;
    auto& archives = desk.workspace.archives;
    REQUIRE(desk.did("archives", {"on"}));
    REQUIRE(desk.did("archive-find"));
    CHECK_FALSE(desk.did("archive-find"));
    CHECK(desk.said.find("under way") != std::string::npos);
    REQUIRE(desk.answered());
    REQUIRE(archives.failure);
    CHECK(archives.failure->message().find(nobody) != std::string::npos);
    CHECK(desk.workspace.requests.failure);
    REQUIRE(desk.did("archive-find"));
    REQUIRE(desk.did("archive-cancel"));
    CHECK(archives.job == nullptr);
    CHECK(archives.said.find("cancelled") != std::string::npos);
    CHECK_FALSE(desk.did("archive", {"elsewhere"}));
    CHECK(desk.did("archive", {"PACS@127.0.0.1:104"}));
    CHECK_FALSE(desk.did("archive-send"));
    std::ofstream(folder.path() / "dsm" / "archives.json") << "{";
    REQUIRE(desk.did("archives", {"on"}));
    REQUIRE(archives.failure);
    CHECK(archives.failure->message().find("archives.json") != std::string::npos);
}
