// A folder of single frames, read as one run.
#include "dsp/source/single_frames.h"

#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "dsp/dicom/run_reader.h"
#include "dsp/source/open_run.h"
#include "tests/dicom/made_run.h"
#include "tests/support/small_series.h"
#include "tests/support/support.h"

using namespace dsm;
using test::MadeRun;
using test::SmallSeries;
using test::warned;
namespace fs = std::filesystem;

namespace {

// One frame of a series, with what the test changes.
void save_frame(const fs::path& folder, int number,
                const std::function<void(MadeRun&)>& change = {}) {
    MadeRun run;
    run.set({0x0028, 0x0008}, "1").remove({0x0028, 0x0009}).remove({0x0018, 0x1063});
    run.set({0x0008, 0x0018}, "1.2.3." + std::to_string(number));
    run.set({0x0020, 0x000D}, "1.2.3").set({0x0020, 0x000E}, "1.2.3.4");
    run.set({0x0008, 0x0060}, "XA").set({0x0020, 0x0013}, std::to_string(number));
    run.words(std::vector<std::uint16_t>(MadeRun::kColumns * MadeRun::kRows,
                                         static_cast<std::uint16_t>(number)));
    if (change) {
        change(run);
    }
    run.save(folder / ("x" + std::to_string(100 - number) + ".dcm"));
}

RunInfo info_of(const fs::path& folder) {
    const auto runs = find_runs(folder);
    REQUIRE(runs);
    REQUIRE(runs->size() == 1);
    const auto source = open_run(runs->front());
    REQUIRE(source);
    return (*source)->info();
}

}  // namespace

TEST_CASE("single frames of one series in a folder are one run, in order of their numbers") {
    const test::TemporaryFolder folder;
    SmallSeries series;
    test::write_series(series, folder.path());
    MadeRun().save(folder.path() / "whole.dcm");
    const auto runs = find_runs(folder.path());
    REQUIRE(runs);
    REQUIRE(runs->size() == 2);
    const fs::path name = runs->front();
    CHECK(name.parent_path() == folder.path());
    CHECK(name.filename().string().starts_with("series_3_"));
    CHECK((*runs)[1] == folder.path() / "whole.dcm");
    // The name stands for it wherever a run is named.
    CHECK(find_runs(name).value() == std::vector<fs::path>{name});
    const auto source = open_run(name);
    REQUIRE(source);
    const RunInfo& info = (*source)->info();
    CHECK(info.frames == series.frames);
    CHECK(info.file == name);
    REQUIRE(info.frame_time_s.size() == 8);
    CHECK(info.frame_time_s[7] == Approx(3.5));
    CHECK(info.timing_source == "content time of each frame");
    CHECK(warned(info, "made of 8 objects of one frame"));
    Image<std::uint16_t> got(info.extent);
    Image<std::uint16_t> expected(info.extent);
    for (const int frame : {7, 0, 3}) {
        REQUIRE((*source)->read(frame, got.view()));
        char file[20];
        std::snprintf(file, sizeof file, "f%03d.dcm", frame + 1);
        const auto alone = RunReader::open(folder.path() / file);
        REQUIRE(alone);
        REQUIRE((*alone)->read(0, expected.view()));
        for (int y = 0; y < info.extent.height; ++y) {
            for (int x = 0; x < info.extent.width; ++x) {
                REQUIRE(got(x, y) == expected(x, y));
            }
        }
    }
    // A file by its name is that file alone.
    const auto one = open_run(folder.path() / "f002.dcm");
    REQUIRE(one);
    CHECK((*one)->info().frames == 1);
}

TEST_CASE("what is not surely one run is left as it is") {
    const test::TemporaryFolder folder;
    save_frame(folder.path(), 1);
    save_frame(folder.path(), 2);
    const auto count = [&] { return find_runs(folder.path()).value().size(); };
    CHECK(count() == 1);
    SECTION("another kind of picture") {
        save_frame(folder.path(), 3, [](MadeRun& run) {
            run.set({0x0008, 0x0060}, "CT").set({0x0008, 0x0016}, UID_CTImageStorage);
        });
        CHECK(count() == 2);
    }
    SECTION("another acquisition") {
        save_frame(folder.path(), 3, [](MadeRun& run) { run.set({0x0020, 0x0012}, "2"); });
        CHECK(count() == 2);
    }
    SECTION("no number") {
        save_frame(folder.path(), 3, [](MadeRun& run) { run.remove({0x0020, 0x0013}); });
        CHECK(count() == 2);
    }
    SECTION("a number twice") {
        save_frame(folder.path(), 3, [](MadeRun& run) { run.set({0x0020, 0x0013}, "2"); });
        CHECK(count() == 3);
    }
    SECTION("the same in another folder") {
        fs::create_directories(folder.path() / "b");
        save_frame(folder.path() / "b", 3);
        CHECK(count() == 2);
    }
}

TEST_CASE("times of single frames: clocks, a clock of whole seconds, a rate, or none") {
    const test::TemporaryFolder folder;
    const auto save = [&](const std::vector<std::string>& clock, const std::string& rate) {
        for (std::size_t k = 0; k < clock.size(); ++k) {
            save_frame(folder.path(), static_cast<int>(k) + 1, [&](MadeRun& run) {
                run.set({0x0008, 0x0023}, "20260101");
                if (!clock[k].empty()) {
                    run.set({0x0008, 0x0033}, clock[k]);
                }
                if (!rate.empty()) {
                    run.set({0x0018, 0x0040}, rate);
                }
            });
        }
        return info_of(folder.path());
    };
    SECTION("a clock that runs") {
        const RunInfo info = save({"100000.5", "100001", "100002"}, "5");
        CHECK(info.frame_time_s == std::vector<double>{0.0, 0.5, 1.5});
    }
    SECTION("whole seconds and a rate") {
        const RunInfo info = save({"100000", "100000", "100001"}, "2");
        CHECK(info.frame_time_s == std::vector<double>{0.0, 0.5, 1.0});
        CHECK(info.timing_source == "Cine Rate (0018,0040)");
        CHECK_FALSE(info.timing_is_acquisition);
        CHECK(warned(info, "give some frames the same time"));
    }
    SECTION("whole seconds alone") {
        const RunInfo info = save({"100000", "100000", "100001"}, "");
        CHECK_FALSE(info.has_timing());
        CHECK(warned(info, "timing unknown"));
    }
    SECTION("nothing") {
        CHECK_FALSE(save({"", "", ""}, "").has_timing());
    }
}

TEST_CASE("numbers that are missing are told, and a frame that is gone is an error of its own") {
    const test::TemporaryFolder folder;
    for (const int number : {2, 3, 7}) {
        save_frame(folder.path(), number);
    }
    const auto name = find_runs(folder.path()).value().front();
    const auto source = open_run(name);
    REQUIRE(source);
    CHECK(warned((*source)->info(), "3 numbers between them are missing"));
    fs::remove(folder.path() / "x93.dcm");
    Image<std::uint16_t> words((*source)->info().extent);
    CHECK((*source)->read(0, words.view()));
    const auto gone = (*source)->read(2, words.view());
    REQUIRE_FALSE(gone);
    CHECK(gone.error().subject.ends_with("x93.dcm"));
    fs::remove(folder.path() / "x97.dcm");
    CHECK_FALSE(open_run(name));
    CHECK_FALSE(find_runs(folder.path() / "series_3_00000000"));
}

TEST_CASE("dsm info and dsm process take a folder of single frames as one run") {
    const test::TemporaryFolder folder;
    SmallSeries series;
    series.frames = 12;
    test::write_series(series, folder.path() / "in");
    const std::string dsm = std::string(DSM_BINARY_DIR) + "/dsm";
    const std::string in = (folder.path() / "in").string();
    const auto info = test::run_program({dsm, "info", "--json", "--hash", in});
    INFO(info.err);
    REQUIRE(info.exit_code == 0);
    const auto told = nlohmann::json::parse(info.out);
    CHECK(told["frames"] == 12);
    CHECK(told["timing"]["frame_time_s"].size() == 12);
    const std::string out = (folder.path() / "out").string();
    const auto done =
        test::run_program({dsm, "-q", "process", in, "--out", out, "--backend", "cpu"});
    INFO(done.err);
    CHECK(done.exit_code == 0);
    const auto result = nlohmann::json::parse(test::read_file(out + "/result.json"));
    CHECK(result["run"]["frames"] == 12);
}
