#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/cli_support.h"

using namespace dsm;
using test::dsm_command;
using test::files_below;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const std::set<std::string> kResult{"overview.png", "result.json", "timeline.png", "variance.png"};

json read_json(const fs::path& file) {
    return json::parse(test::read_file(file));
}

}  // namespace

TEST_CASE("one run goes straight into the folder, whole, with a line on stdout") {
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run);
    const fs::path out = folder.path() / "deep" / "out";
    const auto finished = dsm_command({"process", run.string(), "--out", out.string()});
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    CHECK(files_below(out) == kResult);
    CHECK(finished.out.find((out / "result.json").string()) == 0);
    CHECK(finished.err.find('\r') == std::string::npos);  // no progress bar in a pipe
    const json result = read_json(out / "result.json");
    CHECK(result["schema"] == "dsm-result/1");
    CHECK(result["run"]["frames"] == 8);
    CHECK(result["run"]["rows"] == 48);
    CHECK(result["run"]["position"] == "left_decubitus");
    CHECK(result["motion"].size() == 8);
    CHECK(result["opacity_registered"] == true);
}

TEST_CASE("a folder of one run goes straight into the folder too, several each into their own") {
    const test::TemporaryFolder folder;
    for (const char* name : {"one", "two"}) {
        fs::create_directories(folder.path() / "runs" / name);
        test::write_small_run(folder.path() / "runs" / name / "run.dcm");
    }
    std::ofstream(folder.path() / "runs" / "notes.txt") << "not DICOM";
    const fs::path single = folder.path() / "single";
    REQUIRE(dsm_command(
                {"process", (folder.path() / "runs" / "one").string(), "--out", single.string()})
                .exit_code == 0);
    CHECK(files_below(single) == kResult);
    const fs::path both = folder.path() / "both";
    REQUIRE(dsm_command({"process", (folder.path() / "runs").string(), "--out", both.string()})
                .exit_code == 0);
    CHECK(fs::exists(both / "one" / "result.json"));
    CHECK(fs::exists(both / "two" / "result.json"));
}

TEST_CASE("a bad run among many costs one line and exit 1, the others are done") {
    const test::TemporaryFolder folder;
    test::write_small_run(folder.path() / "good.dcm");
    std::ofstream(folder.path() / "bad.dcm") << "this is not DICOM";
    const fs::path out = folder.path() / "out";
    const auto finished = dsm_command(
        {"process", (folder.path() / "bad.dcm").string(), (folder.path() / "missing.dcm").string(),
         (folder.path() / "good.dcm").string(), "-q", "--out", out.string()});
    CHECK(finished.exit_code == 1);
    CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 2);
    CHECK(finished.err.find("bad.dcm: ") != std::string::npos);
    CHECK(finished.err.find("missing.dcm: ") != std::string::npos);
    CHECK(fs::exists(out / "good" / "result.json"));
    CHECK(std::count(finished.out.begin(), finished.out.end(), '\n') == 1);
}

TEST_CASE("a single frame still gives a valid result that says why there is nothing in it") {
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run, 1);
    const fs::path out = folder.path() / "out";
    REQUIRE(dsm_command({"process", run.string(), "--out", out.string()}).exit_code == 0);
    const json result = read_json(out / "result.json");
    CHECK(result["conclusion"]["category"] == "inadequate");
    CHECK(result["conclusion"]["text"].get<std::string>().find("single frame") !=
          std::string::npos);
    CHECK(result["highlights"].empty());
    CHECK(result["pictures"] == json::array({"overview.png", "timeline.png"}));
    CHECK(files_below(out) == std::set<std::string>{"overview.png", "result.json", "timeline.png"});
}

TEST_CASE("opacity is dumped as NumPy reads it, and says when it was not registered") {
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run);
    const fs::path out = folder.path() / "out";
    REQUIRE(dsm_command({"process", run.string(), "--out", out.string(), "--dump", "opacity",
                         "--registration", "none", "--masks", "0,1"})
                .exit_code == 0);
    const std::string npy = test::read_file(out / "opacity.npy");
    CHECK(npy.find("'descr': '<f4'") != std::string::npos);
    CHECK(npy.find("'shape': (8, 48, 64)") != std::string::npos);
    CHECK(npy.size() == npy.find('\n') + 1 + 8 * 48 * 64 * 4);
    const json result = read_json(out / "result.json");
    CHECK(result["opacity_registered"] == false);
    CHECK(result["masks"]["frames"] == json::array({0, 1}));
}

TEST_CASE("what is dumped can be asked for with commas and again and again") {
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run);
    const fs::path out = folder.path() / "out";
    REQUIRE(dsm_command({"process", run.string(), "--out", out.string(), "--dump",
                         "opacity,filtered", "--dump", "variance"})
                .exit_code == 0);
    const std::string filtered = test::read_file(out / "filtered.npy");
    CHECK(filtered.find("'shape': (8, 48, 64)") != std::string::npos);
    CHECK(filtered.size() == test::read_file(out / "opacity.npy").size());
    const std::string variance = test::read_file(out / "variance.npy");
    CHECK(variance.find("'shape': (48, 64)") != std::string::npos);
    CHECK(variance.size() == variance.find('\n') + 1 + 48 * 64 * 4);
    REQUIRE(dsm_command({"process", run.string(), "--out", out.string(), "--dump", "filtered"})
                .exit_code == 0);
    CHECK(fs::exists(out / "filtered.npy"));
    CHECK_FALSE(fs::exists(out / "opacity.npy"));
}

TEST_CASE("processing again replaces the whole result") {
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run);
    const std::string out = (folder.path() / "out").string();
    REQUIRE(dsm_command({"process", run.string(), "--out", out, "--dump", "opacity"}).exit_code ==
            0);
    CHECK(fs::exists(fs::path(out) / "opacity.npy"));
    REQUIRE(dsm_command({"process", run.string(), "--out", out}).exit_code == 0);
    CHECK(files_below(out) == kResult);
}

TEST_CASE("levels come from a file, from beside the run when asked, and never unasked") {
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run);
    const fs::path levels = folder.path() / "levels.json";
    std::ofstream(levels) << R"({"levels": [{"label": "T12", "center_px": [32, 40]},
                                            {"label": "T10", "center_px": [32, 4]}]})";
    const auto labels = [&](std::vector<std::string> extra) {
        std::vector<std::string> arguments{"process", run.string(), "--out",
                                           (folder.path() / "out").string()};
        arguments.insert(arguments.end(), extra.begin(), extra.end());
        REQUIRE(dsm_command(arguments).exit_code == 0);
        std::vector<std::string> found;
        const json result = read_json(folder.path() / "out" / "result.json");
        for (const auto& level : result["levels"]) {
            if (level["source"] == "operator") {
                found.push_back(level["label"]);
            }
        }
        return found;
    };
    CHECK(labels({}).empty());
    CHECK(labels({"--levels", "auto"}).size() == 2);
    CHECK(labels({"--levels", levels.string()}).size() == 2);
    std::ofstream(levels) << "{}";
    const auto bad = dsm_command({"process", run.string(), "--levels", levels.string(), "--out",
                                  (folder.path() / "bad").string()});
    CHECK(bad.exit_code == 1);
    CHECK(test::is_one_error_line(bad.err, "levels.json"));
    CHECK_FALSE(fs::exists(folder.path() / "bad"));
}

TEST_CASE("quiet is quiet, and logs as JSON are JSON") {
    const test::TemporaryFolder folder;
    test::write_small_run(folder.path() / "run.dcm");
    std::ofstream(folder.path() / "a \"quoted\" name.dcm") << "not DICOM";
    const std::string out = (folder.path() / "out").string();
    CHECK(dsm_command({"-q", "process", (folder.path() / "run.dcm").string(), "--out", out})
              .err.empty());
    const auto verbose =
        dsm_command({"-v", "process", (folder.path() / "run.dcm").string(), "--out", out});
    CHECK(verbose.err.find("8 frames of 48 x 64") != std::string::npos);
    const auto logged =
        dsm_command({"--log-json", "-v", "process", folder.path().string(),
                     (folder.path() / "a \"quoted\" name.dcm").string(), "--out", out});
    CHECK(logged.exit_code == 1);
    std::istringstream lines(logged.err);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        INFO(line);
        CHECK(json::accept(line));
    }
    CHECK(count > 0);
}
