// Every file of the shared sets: a readable one ends with 0 and a whole result, an unreadable one
// with 1, one line and nothing written.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/cli_support.h"

using namespace dsm;
namespace fs = std::filesystem;

namespace {

// Not images, not grey, or damaged.
const std::set<std::string> kUnreadable{"bad_meta_missing_tsyntax",
                                        "bad_no_meta_header",
                                        "bad_truncated_pixels",
                                        "bad_wrong_transfer_syntax",
                                        "charset_japanese",
                                        "gsps_overlay",
                                        "gsps_text_ps",
                                        "sc_rgb_16bit_2f",
                                        "sr_no_pixel_data",
                                        "us_frametimevector_10f_ybr"};

}  // namespace

TEST_CASE("every real file ends with a whole result or one clear line") {
    const auto folder = test::shared_data("xa");
    if (!folder) {
        WARN("no shared data here");
        return;
    }
    for (const auto& entry : fs::directory_iterator(*folder)) {
        if (entry.path().extension() != ".dcm") {
            continue;
        }
        const std::string name = entry.path().stem().string();
        const test::TemporaryFolder scratch;
        const fs::path out = scratch.path() / "out";
        const auto finished = test::dsm_command({"process", entry.path().string(), "-q", "--out",
                                                 out.string(), "--registration", "shift"});
        INFO(name << " | " << finished.err);
        CHECK(finished.exit_code == (kUnreadable.contains(name) ? 1 : 0));
        if (finished.exit_code == 0) {
            CHECK(finished.err.empty());
            const auto result = nlohmann::json::parse(test::read_file(out / "result.json"));
            std::set<std::string> whole{"result.json"};
            for (const auto& picture : result["pictures"]) {
                whole.insert(picture.get<std::string>());
            }
            CHECK(whole.size() == (result["run"]["frames"] == 1 ? 3U : 4U));
            CHECK(test::files_below(out) == whole);
        } else {
            CHECK(test::is_one_error_line(finished.err, name));
            CHECK(test::files_below(scratch.path()).empty());
        }
    }
}

TEST_CASE("every simulated run ends with a whole result in a folder of its name") {
    const auto folder = test::shared_data("simulated");
    if (!folder) {
        WARN("no shared data here");
        return;
    }
    const test::TemporaryFolder scratch;
    const auto finished = test::dsm_command(
        {"process", folder->string(), "-q", "--out", scratch.path().string(), "--levels", "auto"});
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    CHECK(finished.err.empty());
    for (const char* name : {"lumbar1", "lumbar2", "lumbar3", "lumbar4", "chest1", "chest2"}) {
        const auto result =
            nlohmann::json::parse(test::read_file(scratch.path() / name / "result.json"));
        CHECK(result["schema"] == "dsm-result/1");
        CHECK(result["levels"].size() >= 2);
        CHECK(fs::exists(scratch.path() / name / "overview.png"));
        CHECK(fs::exists(scratch.path() / name / "timeline.png"));
    }
    const auto scored = test::dsm_command({"evaluate", scratch.path().string(), folder->string()});
    CHECK(scored.exit_code == 0);
    CHECK(scored.out.find("chest2") != std::string::npos);
}
