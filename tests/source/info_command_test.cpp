#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using test::MadeRun;

namespace {

const std::string kDsm = std::string(DSM_BINARY_DIR) + "/dsm";

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("dsm info tells of a run in text and as one line of JSON") {
    const test::TemporaryFolder folder;
    const auto file = MadeRun().save(folder.path() / "run.dcm").string();
    const auto text = test::run_program({kDsm, "info", file});
    CHECK(text.exit_code == 0);
    CHECK(text.err.empty());
    CHECK(text.out.find("16 columns x 12 rows, 3 frames, 12 of 16 bits") != std::string::npos);
    CHECK(text.out.find("500 ms apart") != std::string::npos);
    CHECK(text.out.find("sha256") == std::string::npos);

    const auto json = test::run_program({kDsm, "info", "--json", "--hash", file});
    CHECK(json.exit_code == 0);
    REQUIRE(lines_in(json.out) == 1);
    const auto info = nlohmann::json::parse(json.out);
    CHECK(info["rows"] == 12);
    CHECK(info["columns"] == 16);
    CHECK(info["frames"] == 3);
    CHECK(info["timing"]["frame_time_s"] == nlohmann::json({0.0, 0.5, 1.0}));
    CHECK(info["spacing"].is_null());
    CHECK(info["intensity"]["relationship"] == "LIN");
    CHECK(info["position"] == "unknown");
    CHECK(info["pixels"]["min"] == 0);
    CHECK(info["pixels"]["max"] == MadeRun::value(2, 15, 11));
    CHECK(info["pixels"]["sha256"].get<std::string>().size() == 64);
    CHECK(!info["warnings"].empty());
}

TEST_CASE("the hash is that of the words, whatever the encoding") {
    const test::TemporaryFolder folder;
    std::string first;
    for (const E_TransferSyntax syntax :
         {EXS_LittleEndianExplicit, EXS_BigEndianExplicit, EXS_JPEGLSLossless}) {
        const auto file = MadeRun().save(folder.path() / "run.dcm", syntax).string();
        const auto run = test::run_program({kDsm, "info", "--json", "--hash", file});
        REQUIRE(run.exit_code == 0);
        const auto hash = nlohmann::json::parse(run.out)["pixels"]["sha256"].get<std::string>();
        first = first.empty() ? hash : first;
        CHECK(hash == first);
    }
}

TEST_CASE("a bad run among good ones is one line on stderr, the others go on, exit 1") {
    const test::TemporaryFolder folder;
    const auto good = MadeRun().save(folder.path() / "good.dcm").string();
    std::ofstream(folder.path() / "bad.dcm") << "not DICOM at all, but long enough to be read";
    const auto bad = (folder.path() / "bad.dcm").string();
    const auto run = test::run_program({kDsm, "info", "--json", good, bad, "/nowhere", good});
    CHECK(run.exit_code == 1);
    CHECK(lines_in(run.out) == 2);
    REQUIRE(lines_in(run.err) == 2);
    std::istringstream lines(run.err);
    for (std::string line; std::getline(lines, line);) {
        CHECK(line.find("dsm: ") == 0);
        CHECK(line.find("; ") != std::string::npos);
    }
    CHECK(run.err.find(bad) != std::string::npos);
}

TEST_CASE("dsm info without a run is wrong usage") {
    const auto run = test::run_program({kDsm, "info"});
    CHECK(run.exit_code == 2);
    CHECK(lines_in(run.err) == 1);
    CHECK(run.out.empty());
}

TEST_CASE("names in the header cannot garble the terminal") {
    const test::TemporaryFolder folder;
    MadeRun made;
    made.set({0x0010, 0x0010}, "\x1b[2Jgone\x07");
    const auto file = made.save(folder.path() / "run.dcm").string();
    const auto run = test::run_program({kDsm, "info", file});
    CHECK(run.exit_code == 0);
    CHECK(run.out.find('\x1b') == std::string::npos);
    CHECK(run.out.find('\x07') == std::string::npos);
}
