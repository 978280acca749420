// dsm live on a folder and a video, killed and started again.
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/cli_support.h"
#include "tests/support/background.h"
#include "tests/support/small_series.h"

using namespace dsm;
using test::Background;
using test::dsm_command;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::vector<std::string> live(const fs::path& in, const fs::path& out,
                              std::vector<std::string> more = {},
                              const std::string& end_s = "0.6") {
    std::vector<std::string> all{"live",           in.string(), "--out",       out.string(),
                                 "--backend",      "cpu",       "--order",     "0.2",
                                 "--broken-after", "0.5",       "--end-after", end_s};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

json only_result(const fs::path& out) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(out)) {
        if (entry.path().filename() == "result.json") {
            found.push_back(entry.path());
        }
    }
    REQUIRE(found.size() == 1);
    return json::parse(test::read_file(found.front()));
}

}  // namespace

TEST_CASE("frames of a series become one result, with the files that process writes") {
    const test::TemporaryFolder folder;
    test::write_series({}, folder.path() / "in");
    const fs::path out = folder.path() / "out";
    const auto finished =
        dsm_command(live(folder.path() / "in", out, {"--once", "--report-latency"}));
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    const json result = only_result(out);
    CHECK(result["schema"] == "dsm-result/1");
    CHECK(result["parameters"]["mode"] == "live");
    CHECK(result["run"]["frames"] == 8);
    CHECK(result["run"]["frame_time_s"].size() == 8);
    CHECK(result["motion"].size() == 8);
    CHECK(result["live"]["source"] == "folder");
    CHECK(result["live"]["gaps"].empty());
    CHECK(result["live"]["latency_ms"]["frames"] == 8);
    const auto names = test::files_below(out);
    CHECK(names.size() == 5);  // four files in a folder
    CHECK(finished.out.find("result.json: ") != std::string::npos);
    CHECK(finished.out.find("p99") != std::string::npos);
    // What has its result is not processed again.
    const auto second = dsm_command(live(folder.path() / "in", out, {"--once"}));
    CHECK(second.exit_code == 0);
    CHECK(second.out.empty());
}

TEST_CASE("what was cut off by a kill is processed whole when started again") {
    const test::TemporaryFolder folder;
    const fs::path in = folder.path() / "in";
    const fs::path out = folder.path() / "out";
    fs::create_directories(in);
    const test::SmallSeries series;
    {
        Background running(live(in, out, {"-v"}, "60"), folder.path() / "log");
        REQUIRE(running.says("watching"));
        for (int number = 1; number <= 5; ++number) {
            test::write_frame_of(series, number, in / (std::to_string(number) + ".dcm"));
        }
        REQUIRE(running.says("has begun"));
        running.stop(SIGKILL);
    }
    if (fs::exists(out)) {
        CHECK(test::files_below(out).empty());  // nothing half written
    }
    for (int number = 6; number <= 8; ++number) {
        test::write_frame_of(series, number, in / (std::to_string(number) + ".dcm"));
    }
    REQUIRE(dsm_command(live(in, out, {"--once"})).exit_code == 0);
    CHECK(only_result(out)["run"]["frames"] == 8);
}

TEST_CASE("a run that is stopped keeps its result") {
    const test::TemporaryFolder folder;
    const fs::path in = folder.path() / "in";
    const fs::path out = folder.path() / "out";
    test::write_series({}, in);
    Background running(live(in, out, {"-v"}, "60"), folder.path() / "log");
    REQUIRE(running.says("has begun"));
    const int status = running.stop(SIGTERM);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    const json result = only_result(out);
    CHECK(result["live"]["ended"] == "the source was closed");
    CHECK(result["run"]["frames"] == 8);
}

TEST_CASE("a frame in pieces, a gap and a text file cost what they are, and no more") {
    const test::TemporaryFolder folder;
    const fs::path in = folder.path() / "in";
    test::write_series({}, in);
    fs::remove(in / "f005.dcm");
    const std::string whole = test::read_file(in / "f007.dcm");
    std::ofstream(in / "f007.dcm", std::ios::binary) << whole.substr(0, 700);
    std::ofstream(in / "notes.txt") << "no DICOM";
    const auto finished = dsm_command(live(in, folder.path() / "out", {"--once"}, "2"));
    CHECK(finished.exit_code == 1);  // something was damaged
    CHECK(finished.err.find("f007.dcm") != std::string::npos);
    CHECK(finished.err.find("notes.txt") == std::string::npos);
    const json result = only_result(folder.path() / "out");
    CHECK(result["run"]["frames"] == 6);
    CHECK(result["live"]["missing_frames"] == 2);
}

TEST_CASE("what is no image, or comes twice, is not damage") {
    const test::TemporaryFolder folder;
    const fs::path in = folder.path() / "in";
    test::write_series({}, in);
    std::ofstream(in / "notes.txt") << "no DICOM";
    fs::copy_file(in / "f003.dcm", in / "twice.dcm");
    const auto finished = dsm_command(live(in, folder.path() / "out", {"--once"}));
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    CHECK(only_result(folder.path() / "out")["run"]["frames"] == 8);
}

TEST_CASE("live dumps and exports what process does, of a run in one object") {
    const test::TemporaryFolder folder;
    const fs::path in = folder.path() / "in";
    const fs::path out = folder.path() / "out";
    fs::create_directories(in);
    test::write_small_run(in / "run.dcm");
    const std::vector<std::string> wanted{
        "--dump", "opacity,candidates", "--export", "subtracted,gsps,sr,key", "--masks", "1,2"};
    const auto finished = dsm_command(
        live(in, out / "live",
             {"--once", wanted[0], wanted[1], wanted[2], wanted[3], wanted[4], wanted[5]}));
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    std::vector<std::string> process{"process",   (in / "run.dcm").string(),
                                     "--out",     (out / "process").string(),
                                     "--backend", "cpu"};
    process.insert(process.end(), wanted.begin(), wanted.end());
    REQUIRE(dsm_command(process).exit_code == 0);
    const json result = only_result(out / "live");
    CHECK(result["masks"]["frames"] == json::array({1, 2}));
    const fs::path made = out / "live" / "run";
    CHECK(test::files_below(made) == test::files_below(out / "process"));
    CHECK(fs::exists(made / "dsm_subtracted.dcm"));
    CHECK(test::read_file(made / "opacity.npy") ==
          test::read_file(out / "process" / "opacity.npy"));
}

TEST_CASE("a live run of single frames is dumped, and a mask that never came is told") {
    const test::TemporaryFolder folder;
    test::write_series({}, folder.path() / "in");
    const fs::path out = folder.path() / "out";
    const auto finished = dsm_command(
        live(folder.path() / "in", out, {"--once", "--dump", "opacity", "--masks", "0,30"}));
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    CHECK(finished.err.find("mask frame 30 never came: the run ended with frame 7") !=
          std::string::npos);
    const json result = only_result(out);
    for (const std::string& name : test::files_below(out)) {
        if (fs::path(name).filename() == "opacity.npy") {
            CHECK(fs::file_size(out / name) == 128 + 8 * 64 * 48 * sizeof(float));
            return;
        }
    }
    FAIL("there is no opacity.npy");
}

TEST_CASE("a live run with a frame missing keeps its result where it cannot be exported") {
    const test::TemporaryFolder folder;
    const fs::path in = folder.path() / "in";
    const fs::path out = folder.path() / "out";
    test::write_series({}, in);
    {
        Background running(live(in, out, {"-v", "--frames", "6", "--export", "sr,subtracted"}),
                           folder.path() / "log");
        REQUIRE(running.says("is not exported: frames of it are missing"));
        running.stop(SIGTERM);
    }
    const auto names = test::files_below(out);
    CHECK(std::any_of(names.begin(), names.end(),
                      [](const std::string& name) { return name.ends_with("result.json"); }));
    CHECK(std::none_of(names.begin(), names.end(),
                       [](const std::string& name) { return name.ends_with(".dcm"); }));
}

TEST_CASE("a live run of single frames is exported when it has ended") {
    const test::TemporaryFolder folder;
    test::write_series({}, folder.path() / "in");
    const fs::path out = folder.path() / "out";
    const auto finished = dsm_command(
        live(folder.path() / "in", out, {"--once", "--export", "subtracted,gsps,sr,key"}));
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    const auto names = test::files_below(out);
    for (const char* made : {"dsm_subtracted.dcm", "dsm_presentation_state.dcm",
                             "dsm_report_sr.dcm", "dsm_key_objects.dcm", "result.json"}) {
        CAPTURE(made);
        CHECK(std::any_of(names.begin(), names.end(),
                          [&](const std::string& name) { return name.ends_with(made); }));
    }
}

TEST_CASE("a whole object that is cut off gives the frames it has, arrays too") {
    const test::TemporaryFolder folder;
    const fs::path in = folder.path() / "in";
    const fs::path out = folder.path() / "out";
    fs::create_directories(in);
    test::write_small_run(in / "run.dcm", 24);
    fs::resize_file(in / "run.dcm", fs::file_size(in / "run.dcm") * 3 / 4);
    const auto finished =
        dsm_command(live(in, out, {"--once", "--dump", "opacity", "--export", "subtracted"}));
    INFO(finished.err);
    CHECK(finished.exit_code == 1);
    const json result = only_result(out);
    const auto frames = result["run"]["frames"].get<std::size_t>();
    CHECK(frames < 24);
    CHECK(fs::file_size(out / "run" / "opacity.npy") == 128 + frames * 64 * 48 * sizeof(float));
}

TEST_CASE("live says what it lacks") {
    const test::TemporaryFolder folder;
    const std::string out = folder.path().string();
    const auto nothing = dsm_command({"live", "--out", out});
    CHECK(nothing.exit_code == 2);
    CHECK(test::is_one_error_line(nothing.err, "--video"));
    const auto absent = dsm_command({"live", "/nowhere", "--out", out});
    CHECK(absent.exit_code == 1);
    CHECK(test::is_one_error_line(absent.err, "/nowhere"));
    const auto no_video = dsm_command({"live", "--video", out + "/no.avi", "--out", out});
    CHECK(no_video.exit_code == 1);
    CHECK(test::is_one_error_line(no_video.err, "no.avi"));
    const auto no_object = dsm_command({"live", "--video", "x", "--export", "sr", "--out", out});
    CHECK(no_object.exit_code != 0);
    CHECK(test::is_one_error_line(no_object.err, "--export sr"));
    const auto region = dsm_command({"live", "--video", "x", "--region", "1,2", "--out", out});
    CHECK(region.exit_code == 2);
    CHECK(test::is_one_error_line(region.err, "1,2"));
}
