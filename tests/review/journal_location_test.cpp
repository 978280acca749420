#include "dsp/review/journal_location.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <fstream>

#include "tests/review/scripted_edits.h"
#include "tests/support/support.h"

using namespace dsm;
namespace fs = std::filesystem;

namespace {

const std::string kStudy = "1.2.840.1";

// A folder nobody can write to, not even root.
const fs::path kReadOnly = "/proc";

Edit shift(double x) {
    return {SetManualShift{"1.2.3", Point{x, 0}}, {}, {}};
}

struct Place {
    test::TemporaryFolder folder;
    fs::path data{folder.path() / "data"};
    fs::path user{folder.path() / "user"};
    Place() { fs::create_directories(data); }
};

}  // namespace

TEST_CASE("a journal lies beside the data where they can be written, and is found again") {
    const Place place;
    {
        auto journal = open_study_journal(kStudy, place.data, place.user);
        REQUIRE(journal);
        CHECK(journal->file() == place.data / journal_name(kStudy));
        CHECK(journal->notices().empty());
        REQUIRE(journal->execute(shift(1)).value());
        REQUIRE(journal->remember_run_file("1.2.3", "/data/run.dcm"));
    }
    const auto journal = open_study_journal(kStudy, place.data, place.user);
    REQUIRE(journal);
    CHECK(review_of(journal->review(), "1.2.3").manual_shift_px == Point{1, 0});
    CHECK(journal->run_files().at("1.2.3") == "/data/run.dcm");
    const auto other = open_study_journal("9.9", place.data, place.user);
    REQUIRE(other);
    CHECK(other->review() == Review{});
}

TEST_CASE("data that cannot be written have their journal in the user's folder") {
    const Place place;
    for (int visit = 0; visit < 2; ++visit) {
        auto journal = open_study_journal(kStudy, kReadOnly, place.user);
        REQUIRE(journal);
        CHECK(journal->file() == place.user / "reviews" / journal_name(kStudy));
        CHECK(journal->history().entries().size() == static_cast<std::size_t>(visit));
        REQUIRE(journal->execute(shift(visit + 1)).value());
    }
    const auto nowhere = open_study_journal(kStudy, kReadOnly, {});
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().kind == ErrorKind::io);
}

TEST_CASE("a run of the study in another folder finds the journal that lies beside the first") {
    const Place place;
    {
        auto journal = open_study_journal(kStudy, place.data, place.user);
        REQUIRE(journal);
        REQUIRE(journal->execute(shift(1)).value());
    }
    fs::create_directories(place.folder.path() / "second");
    const auto journal = open_study_journal(kStudy, place.folder.path() / "second", place.user);
    REQUIRE(journal);
    CHECK(journal->file() == place.data / journal_name(kStudy));
    CHECK(journal->history().entries().size() == 1);
}

TEST_CASE("a journal copied with its data goes on where the copy was made, and says what parted") {
    const Place place;
    {
        auto journal = open_study_journal(kStudy, place.data, place.user);
        REQUIRE(journal);
        REQUIRE(journal->execute(shift(1)).value());
    }
    const fs::path copy = place.folder.path() / "copy";
    fs::copy(place.data, copy);
    {
        auto journal = open_study_journal(kStudy, copy, {});
        REQUIRE(journal);
        REQUIRE(journal->execute(shift(2)).value());
    }
    {  // the copy continues the first, so it is taken
        const auto journal = open_study_journal(kStudy, copy, place.user);
        REQUIRE(journal);
        CHECK(journal->file() == copy / journal_name(kStudy));
        CHECK(journal->notices().empty());
    }
    {
        auto journal = open_study_journal(kStudy, place.data, {});
        REQUIRE(journal);
        REQUIRE(journal->execute(shift(7)).value());
        REQUIRE(journal->execute(shift(8)).value());
    }
    const auto journal = open_study_journal(kStudy, place.data, place.user);
    REQUIRE(journal);
    CHECK(journal->history().entries().size() == 3);
    REQUIRE(journal->notices().size() == 1);
    CHECK(journal->notices().front().find(copy.string()) != std::string::npos);
}

TEST_CASE("marks beside data that became read-only are carried on in the user's folder") {
    if (::geteuid() == 0) {
        WARN("root can write to every folder; not tried");
        return;
    }
    const Place place;
    {
        auto journal = open_study_journal(kStudy, place.data, place.user);
        REQUIRE(journal);
        REQUIRE(journal->execute(shift(1)).value());
    }
    for (const auto& entry : fs::directory_iterator(place.data)) {
        fs::permissions(entry.path(), fs::perms::owner_read);
    }
    fs::permissions(place.data, fs::perms::owner_read | fs::perms::owner_exec);
    for (std::size_t visit = 1; visit < 3; ++visit) {
        auto journal = open_study_journal(kStudy, place.data, place.user);
        REQUIRE(journal);
        CHECK(journal->file().parent_path() == place.user / "reviews");
        CHECK(journal->history().entries().size() == visit);
        REQUIRE(journal->execute(shift(1.0 + static_cast<double>(visit))).value());
    }
    fs::permissions(place.data, fs::perms::owner_all);
}

TEST_CASE("names from outside never become a path") {
    for (const std::string study : {"../../etc/passwd", "1.2.3", "", "a/b\n\x01"}) {
        const std::string name = journal_name(study);
        CHECK(name.size() == 35);
        CHECK(name.find('/') == std::string::npos);
    }
    CHECK(journal_name("1.2.3") != journal_name("1.2.4"));
    // The hash of this name is fixed: journals of earlier versions have to be found.
    CHECK(journal_name("") == ".dsm-review-cbf29ce484222325.sqlite");
}

TEST_CASE("a run without identifiers is filed under its file name") {
    RunInfo info;
    info.file = "/data/run7.dcm";
    CHECK(run_key(info) == "file:run7.dcm");
    CHECK(study_key(info) == "file:run7.dcm");
    info.sop_instance_uid = "1.2.3";
    CHECK(study_key(info) == "1.2.3");
    info.study_instance_uid = "1.2";
    CHECK(study_key(info) == "1.2");
    CHECK(run_key(info) == "1.2.3");
}
