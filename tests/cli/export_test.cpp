// Marks out as DICOM objects and back into the journal, by the command line.
#include <algorithm>
#include <catch2/catch.hpp>

#include "dsp/dicom/objects/key_objects.h"
#include "dsp/dicom/objects/measurement_report.h"
#include "dsp/dicom/objects/presentation_state.h"
#include "dsp/review/journal_location.h"
#include "dsp/source/open_run.h"
#include "tests/cli/cli_support.h"
#include "tests/support/small_series.h"

using namespace dsm;
using namespace dsm::test;
namespace fs = std::filesystem;

namespace {

RunInfo info_of(const fs::path& run) {
    const auto source = open_run(run);
    REQUIRE(source);
    return (*source)->info();
}

// Marks in the journal beside the run, as the window leaves them.
RunReview mark(const fs::path& run) {
    const RunInfo info = info_of(run);
    auto journal = open_journal_for(info);
    REQUIRE(journal);
    const std::string key = run_key(info);
    const Annotation arrow{1,     ArrowShape{{10, 10}, {20, 12.5}}, "vein?", FrameRange{4, 6},
                           false, {"B", "2026-03-01T09:30:00Z"}};
    REQUIRE(journal->execute({AddAnnotation{key, arrow}, "", ""}));
    REQUIRE(journal->execute({SetLevelMark{key, "T7", {32, 10.25}}, "", ""}));
    REQUIRE(journal->execute({SetLevelMark{key, "T9", {32, 40}}, "", ""}));
    KeyImage image{1, 5, {}, "drains here", {"B", "2026-03-01T09:31:00Z"}};
    image.shown.window = {0.05, 0.4};
    image.shown.filtered = true;
    image.shown.part = ShownPart{{4.0, 2.0}, {44.0, 40.0}};
    REQUIRE(journal->execute({AddKeyImage{key, image}, "", ""}));
    return review_of(journal->review(), key);
}

}  // namespace

TEST_CASE("marks go out by export and come back by import, once, and can be undone") {
    const TemporaryFolder folder;
    const fs::path run = folder.path() / "a" / "run.dcm";
    const fs::path copy = folder.path() / "b" / "run.dcm";
    fs::create_directories(run.parent_path());
    fs::create_directories(copy.parent_path());
    write_small_run(run);
    fs::copy_file(run, copy);
    const RunReview review = mark(run);
    const fs::path out = folder.path() / "out";
    const Finished exported =
        dsm_command({"export", run.string(), "--out", out.string(), "--author", "Reader^A"});
    INFO(exported.err);
    REQUIRE(exported.exit_code == 0);
    const auto names = files_below(out);
    for (const char* name :
         {"dsm_presentation_state.dcm", "dsm_presentation_state_xa.dcm", "dsm_report_sr.dcm",
          "dsm_key_objects.dcm", "dsm_subtracted.dcm", "dsm_key_image_1.dcm"}) {
        CAPTURE(name);
        CHECK(names.contains(name));
    }
    CHECK_FALSE(names.contains("result.json"));
    const auto report = read_measurement_report(out / "dsm_report_sr.dcm");
    REQUIRE(report);
    CHECK(std::count_if(report->levels.begin(), report->levels.end(), [](const LevelMark& level) {
              return level.source == LevelSource::operator_marked;
          }) == 2);
    CHECK(info_of(out / "dsm_subtracted.dcm").already_subtracted);
    // The reader's key image comes first, with his note, and its frame is among the key objects.
    const auto keys = read_key_objects(out / "dsm_key_objects.dcm", info_of(run).sop_instance_uid);
    REQUIRE(keys);
    CHECK(std::find(keys->frames.begin(), keys->frames.end(), 5) != keys->frames.end());
    CHECK(keys->description.find("Key image 1: subtracted frame 6 of") != std::string::npos);
    CHECK(keys->description.find("drains here") != std::string::npos);
    CHECK(keys->others.size() >= 3);  // the subtracted run, the key image, the arrow's frame
    CHECK(read_file(out / "dsm_key_image_1.dcm").find("drains here") != std::string::npos);

    // Another reader's copy, with a data folder of its own.
    const std::string elsewhere = "XDG_DATA_HOME='" + (folder.path() / "other").string() + "' ";
    for (const char* name : {"dsm_presentation_state.dcm", "dsm_presentation_state_xa.dcm"}) {
        const Finished imported = shell(elsewhere + "$DSM import '" + (out / name).string() +
                                        "' --run '" + copy.string() + "'");
        INFO(imported.err);
        CHECK(imported.exit_code == 0);
    }
    const RunInfo info = info_of(copy);
    auto journal =
        Journal::open(copy.parent_path() / journal_name(study_key(info)), study_key(info));
    REQUIRE(journal);
    CHECK(review_of(journal->review(), run_key(info)) == review);
    CHECK(journal->history().entries().size() == 1);  // the second state added nothing
    REQUIRE(journal->undo());
    CHECK(journal->review().runs.empty());
}

TEST_CASE("process --export writes objects with the result, and a new result replaces them") {
    const TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    write_small_run(run);
    const fs::path out = folder.path() / "out";
    REQUIRE(dsm_command({"process", run.string(), "--out", out.string(), "--export", "gsps,sr"})
                .exit_code == 0);
    CHECK(files_below(out).contains("dsm_report_sr.dcm"));
    CHECK(files_below(out).contains("result.json"));
    CHECK_FALSE(files_below(out).contains("dsm_subtracted.dcm"));
    REQUIRE(dsm_command({"process", run.string(), "--out", out.string()}).exit_code == 0);
    CHECK_FALSE(files_below(out).contains("dsm_report_sr.dcm"));
    const Finished unknown =
        dsm_command({"process", run.string(), "--out", out.string(), "--export", "hologram"});
    CHECK(unknown.exit_code == 2);
}

TEST_CASE(
    "process --export report writes the report in three forms, and a new result takes it away") {
    const TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    write_small_run(run);
    (void)mark(run);
    const fs::path out = folder.path() / "out";
    const Finished processed =
        dsm_command({"process", run.string(), "--out", out.string(), "--export", "report"});
    INFO(processed.err);
    REQUIRE(processed.exit_code == 0);
    for (const char* name : {"result.json", "report.html", "report.pdf", "report.txt"}) {
        CAPTURE(name);
        CHECK(files_below(out).contains(name));
    }
    const std::string text = read_file(out / "report.txt");
    CHECK(text.find("not for diagnostic use") != std::string::npos);
    CHECK(text.find("vein?") != std::string::npos);  // the reader's mark, from the journal
    CHECK(read_file(out / "result.json").find("\"label\": \"T8\"") != std::string::npos);
    CHECK(text.find("drains here") != std::string::npos);
    REQUIRE(dsm_command({"process", run.string(), "--out", out.string()}).exit_code == 0);
    CHECK_FALSE(files_below(out).contains("report.html"));
    const fs::path alone = folder.path() / "alone";
    REQUIRE(dsm_command({"export", run.string(), "--out", alone.string(), "--what", "report",
                         "--author", "Reader^A"})
                .exit_code == 0);
    CHECK(files_below(alone) == std::set<std::string>{"report.html", "report.pdf", "report.txt"});
    CHECK(read_file(alone / "report.txt").find("Reader^A") != std::string::npos);
}

TEST_CASE("objects of a run of single frames refer to each frame's own object") {
    const TemporaryFolder folder;
    const SmallSeries series;
    write_series(series, folder.path() / "in");
    const auto runs = find_runs(folder.path() / "in");
    REQUIRE(runs);
    REQUIRE(runs->size() == 1);
    const RunReview review = mark(runs->front());
    const fs::path out = folder.path() / "out";
    const Finished exported =
        dsm_command({"export", (folder.path() / "in").string(), "--out", out.string()});
    INFO(exported.err);
    REQUIRE(exported.exit_code == 0);
    CHECK(exported.err.find("the presentation state holds its marks") != std::string::npos);
    const auto names = files_below(out);
    CHECK(names.contains("dsm_presentation_state.dcm"));
    CHECK_FALSE(names.contains("dsm_presentation_state_xa.dcm"));
    // The arrow is on frames 5 to 7, the key image is frame 6: each an object.
    const auto dump = [&](const char* name) {
        const auto told = run_program({"/usr/bin/dcmdump", (out / name).string()});
        REQUIRE(told.exit_code == 0);
        return told.out;
    };
    const auto times = [](const std::string& text, const std::string& word) {
        std::size_t found = 0;
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
            ++found;
        }
        return found;
    };
    for (const char* name : {"dsm_presentation_state.dcm", "dsm_report_sr.dcm",
                             "dsm_key_objects.dcm", "dsm_subtracted.dcm"}) {
        CAPTURE(name);
        CHECK(times(dump(name), "(0008,1160)") == 0);  // Referenced Frame Number
    }
    CHECK(times(dump("dsm_subtracted.dcm"), "(0008,1155)") == 8);
    CHECK(times(dump("dsm_presentation_state.dcm"), "(0008,1155)") >= 8 + 3);
    // And they come back.
    const fs::path again = folder.path() / "again";
    fs::create_directories(again);
    write_series(series, again);
    const Finished imported = dsm_command({"import", (out / "dsm_presentation_state.dcm").string(),
                                           "--run", find_runs(again)->front().string()});
    INFO(imported.err);
    REQUIRE(imported.exit_code == 0);
    const RunInfo info = info_of(find_runs(again)->front());
    const auto journal = open_journal_for(info);
    REQUIRE(journal);
    CHECK(review_of(journal->review(), run_key(info)) == review);
}

TEST_CASE("what is no presentation state of the run is refused by import in one line") {
    const TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    write_small_run(run);
    const Finished image = dsm_command({"import", run.string(), "--run", run.string()});
    CHECK(image.exit_code == 1);
    CHECK(is_one_error_line(image.err, "run.dcm"));
    const auto other = shared_data("xa/gsps_text_ps.dcm");
    if (other) {
        const Finished foreign = dsm_command({"import", other->string(), "--run", run.string()});
        CHECK(foreign.exit_code == 1);
        CHECK(is_one_error_line(foreign.err, "another image"));
    }
}

TEST_CASE("process --export video writes a film, and says so where no codec is to be had") {
    const TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    write_small_run(run);
    const fs::path out = folder.path() / "out";
    const std::vector<std::string> arguments{"process",    run.string(), "--out",
                                             out.string(), "--export",   "video"};
    const Finished processed = dsm_command(arguments);
    INFO(processed.err);
    REQUIRE(processed.exit_code == 0);
    REQUIRE(files_below(out).contains("video.mp4"));
    CHECK(read_file(out / "video.mp4").substr(4, 4) == "ftyp");

    std::vector<std::string> without{"env", "OPENCV_VIDEOIO_PRIORITY_FFMPEG=0",
                                     std::string(DSM_BINARY_DIR) + "/dsm"};
    without.insert(without.end(), arguments.begin(), arguments.end());
    without[6] = (folder.path() / "none").string();
    const Finished refused = dsm::test::run_program(without);
    CHECK(refused.exit_code == 1);
    CHECK(refused.err.find("H.264") != std::string::npos);
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
    CHECK_FALSE(fs::exists(folder.path() / "none" / "result.json"));
}
