#include <catch2/catch.hpp>
#include <fstream>

#include "dsp/source/open_run.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using test::MadeRun;
namespace fs = std::filesystem;

TEST_CASE("a folder gives its images, sorted, without what is no image") {
    const test::TemporaryFolder folder;
    fs::create_directories(folder.path() / "b" / "deep");
    const auto second = MadeRun().save(folder.path() / "b" / "deep" / "run");
    const auto first = MadeRun().save(folder.path() / "a.dcm");
    std::ofstream(folder.path() / "notes.txt") << "nothing to see";
    std::ofstream(folder.path() / "empty");
    MadeRun report;
    report.set({0x0008, 0x0016}, UID_BasicTextSRStorage).remove({0x7FE0, 0x0010});
    report.save(folder.path() / "report.dcm");
    const auto bare = folder.path() / "bare";
    MadeRun headless;
    REQUIRE(dynamic_cast<DcmDataset&>(headless.data())
                .saveFile(bare.c_str(), EXS_LittleEndianImplicit)
                .good());
    const auto runs = find_runs(folder.path());
    REQUIRE(runs);
    CHECK(*runs == std::vector<fs::path>{first, second, bare});
}

TEST_CASE("a folder without images is an error, a file is itself") {
    const test::TemporaryFolder folder;
    const auto none = find_runs(folder.path());
    REQUIRE(!none);
    CHECK(none.error().kind == ErrorKind::not_found);
    const auto file = MadeRun().save(folder.path() / "run.dcm");
    CHECK(find_runs(file).value() == std::vector<fs::path>{file});
}

TEST_CASE("a DICOMDIR gives the images it lists and that are in its folder") {
    const test::TemporaryFolder folder;
    fs::create_directories(folder.path() / "images");
    const auto run = MadeRun().save(folder.path() / "images" / "run1");
    MadeRun().save(folder.path() / "images" / "unlisted");
    MadeRun directory;
    directory.remove({0x7FE0, 0x0010}).set({0x0008, 0x0016}, "1.2.840.10008.1.3.10");
    const char* names[][2] = {{"IMAGE", "IMAGES\\RUN1"},
                              {"IMAGE", "IMAGES\\GONE"},
                              {"IMAGE", "..\\secret"},
                              {"PRESENTATION", "IMAGES\\UNLISTED"}};
    for (long i = 0; i < 4; ++i) {
        DcmItem& record = directory.item(directory.data(), {0x0004, 0x1220}, i);
        test::set(record, {0x0004, 0x1430}, names[i][0]);
        test::set(record, {0x0004, 0x1500}, names[i][1]);
    }
    const auto dicomdir = directory.save(folder.path() / "DICOMDIR");
    const auto runs = find_runs(dicomdir);
    REQUIRE(runs);
    CHECK(*runs == std::vector<fs::path>{run});
    fs::remove(run);
    const auto none = find_runs(dicomdir);
    REQUIRE(!none);
    CHECK(none.error().what.find("none of its 3 images") != std::string::npos);
}

TEST_CASE("a search tells how far it is, and ends when it is given up") {
    const test::TemporaryFolder folder;
    for (const char* name : {"a.dcm", "b.dcm", "c.dcm"}) {
        MadeRun().save(folder.path() / name);
    }
    std::stop_source stop;
    std::size_t seen = 0;
    const auto count = [&](std::size_t files) { seen = files; };
    CHECK(find_runs(folder.path(), {stop.get_token(), count})->size() == 3);
    CHECK(seen == 2);  // before the third
    const auto ended = find_runs(folder.path(), {stop.get_token(), [&](std::size_t files) {
                                                     if (files == 1) {
                                                         stop.request_stop();
                                                     }
                                                 }});
    REQUIRE_FALSE(ended);
    CHECK(ended.error().kind == ErrorKind::cancelled);
}
