// dsm evaluate --findings, from a phantom to the picture.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/cli/cli_support.h"

using namespace dsm;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) {
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("ours and simple maps are tried on a run and scored by one rule") {
    const test::TemporaryFolder folder;
    const std::string run = (folder.path() / "easy").string();
    const std::string out = (folder.path() / "trial").string();
    REQUIRE(test::shell("\"$DSM\" phantom " DSM_SOURCE_DIR
                        "/sample_runs/fistula_easy.json --columns 192 --rows 192 "
                        "--frames 20 --no-opacity --out " +
                        run)
                .exit_code == 0);
    const auto tried = test::dsm_command({"-q", "evaluate", "--findings", run, "--out", out});
    INFO(tried.err);
    REQUIRE(tried.exit_code == 0);
    CHECK(tried.out.find("Frangi, unregistered") != std::string::npos);
    for (const char* method :
         {"ours", "peak_opacity", "Frangi", "Frangi_unregistered", "temporal_variance"}) {
        CHECK(fs::exists(fs::path(out) / method / "easy" / "result.json"));
    }
    CHECK(fs::file_size(fs::path(out) / "free_response.png") > 5000);
    const std::string table = text_of(fs::path(out) / "methods.csv");
    CHECK(std::count(table.begin(), table.end(), '\n') == 6);

    const auto again = test::dsm_command({"-q", "evaluate", "--findings", "--out", out});
    CHECK(again.exit_code == 0);
    CHECK(again.out == tried.out);
    CHECK(test::dsm_command({"evaluate", out + "/peak_opacity", out + "/truths"}).exit_code == 0);
}

TEST_CASE("a trial of findings without any run says so") {
    const test::TemporaryFolder folder;
    const std::string out = (folder.path() / "nothing").string();
    const auto none = test::dsm_command({"evaluate", "--findings", "--out", out});
    CHECK(none.exit_code == 1);
    CHECK(test::is_one_error_line(none.err, "truths"));
    CHECK(test::dsm_command({"evaluate", "--findings"}).exit_code == 2);
    CHECK(test::dsm_command({"evaluate", "a", "b", "--review"}).exit_code == 2);
    const auto empty =
        test::dsm_command({"evaluate", "--findings", folder.path().string(), "--out", out});
    CHECK(empty.exit_code == 1);
    CHECK(test::is_one_error_line(empty.err, "truth.json"));
}
