#include "dsp/review/journal.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <random>

#include "dsp/core/levels.h"
#include "tests/review/scripted_edits.h"
#include "tests/support/support.h"

using namespace dsm;
using dsm::test::Model;
namespace fs = std::filesystem;

namespace {

const std::string kStudy = "1.2";

void write_bytes(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// The states of the scripted acts, from none to `acts` of them.
std::vector<Model> scripted_states(int acts) {
    std::vector<Model> states(1);
    for (int act = 0; act < acts; ++act) {
        states.push_back(states.back());
        REQUIRE(test::scripted_act(states.back(), act).value());
    }
    return states;
}

std::optional<std::size_t> which_state(const Journal& journal, const std::vector<Model>& states) {
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (test::same_state(journal, states[i])) {
            return i;
        }
    }
    return std::nullopt;
}

void write_journal(const fs::path& file, int acts) {
    auto journal = Journal::open(file, kStudy);
    REQUIRE(journal);
    for (int act = 0; act < acts; ++act) {
        REQUIRE(test::scripted_act(*journal, act).value());
    }
}

// The files as a killed program leaves them: with the log, not tidied up.
void write_unclosed_journal(const fs::path& file, const fs::path& scratch, int acts) {
    auto journal = Journal::open(scratch, kStudy);
    REQUIRE(journal);
    for (int act = 0; act < acts; ++act) {
        REQUIRE(test::scripted_act(*journal, act).value());
    }
    fs::copy_file(scratch, file);
    fs::copy_file(scratch.string() + "-wal", file.string() + "-wal");
}

std::vector<fs::path> set_aside(const fs::path& folder) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().string().find(".damaged-") != std::string::npos) {
            found.push_back(entry.path());
        }
    }
    return found;
}

}  // namespace

TEST_CASE("a journal opened again gives the same marks and goes on undoing where it was") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "j.sqlite";
    const auto states = scripted_states(60);
    write_journal(file, 60);
    auto journal = Journal::open(file, kStudy);
    REQUIRE(journal);
    CHECK(journal->notices().empty());
    CHECK(test::same_state(*journal, states.back()));
    while (journal->history().can_undo()) {
        REQUIRE(journal->undo().value());
    }
    CHECK(journal->review() == Review{});
}

TEST_CASE("the last edit of yesterday does not merge with the first of today") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "j.sqlite";
    for (int day = 1; day <= 3; ++day) {
        auto journal = Journal::open(file, kStudy);
        REQUIRE(journal);
        REQUIRE(journal->execute({SetManualShift{"1", Point{1.0 * day, 0}}, {}, "drag-1"}));
        REQUIRE(journal->execute({SetManualShift{"1", Point{1.0 * day, 1}}, {}, "drag-1"}));
    }
    const auto journal = Journal::open(file, kStudy);
    REQUIRE(journal);
    CHECK(journal->history().entries().size() == 3);
}

TEST_CASE("what is refused or changes nothing leaves no step in the journal") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "j.sqlite";
    {
        auto journal = Journal::open(file, kStudy);
        REQUIRE(journal);
        REQUIRE(journal->execute({SetLevelMark{"1", "T6", {5, 300}}, {}, {}}).value());
        REQUIRE_FALSE(journal->execute({SetLevelMark{"1", "T6", {5, 300}}, {}, {}}).value());
        REQUIRE(journal->execute({SetLevelMark{"1", "T12", {5, 900}}, {}, {}}).value());
        const auto refused = journal->execute({SetLevelMark{"1", "T7", {5, 100}}, {}, {}});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::invalid_input);
        REQUIRE_FALSE(journal->redo().value());
    }
    const auto journal = Journal::open(file, kStudy);
    REQUIRE(journal);
    CHECK(journal->history().entries().size() == 2);
    const auto levels = folder.path() / "levels.json";
    REQUIRE(write_levels_file(levels, review_of(journal->review(), "1").levels));
    const auto read = read_levels_file(levels);
    REQUIRE(read);
    CHECK(*read == review_of(journal->review(), "1").levels);
}

TEST_CASE("a second opener sees the marks, is told so and cannot change them") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "j.sqlite";
    auto first = Journal::open(file, kStudy);
    REQUIRE(first);
    for (int act = 0; act < 20; ++act) {
        REQUIRE(test::scripted_act(*first, act).value());
    }
    auto second = Journal::open(file, kStudy);
    REQUIRE(second);
    CHECK(second->read_only());
    CHECK(second->review() == first->review());
    CHECK(second->history() == first->history());
    REQUIRE(second->notices().size() == 1);
    CHECK(second->notices().front().find("open in another program") != std::string::npos);
    const Review before = second->review();
    const auto refused = second->execute(test::scripted_edit(second->review(), 100));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message().find("the change was not made") != std::string::npos);
    CHECK_FALSE(second->undo().has_value());
    CHECK(second->review() == before);
    REQUIRE(test::scripted_act(*first, 20).value());
    const Review last = first->review();
    first = fail(ErrorKind::cancelled, {}, {});
    auto third = Journal::open(file, kStudy);
    REQUIRE(third);
    CHECK_FALSE(third->read_only());
    CHECK(third->review() == last);
}

TEST_CASE("a journal of another study is refused and left alone") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "j.sqlite";
    write_journal(file, 5);
    const auto bytes = test::read_file(file);
    const auto other = Journal::open(file, "9.9");
    REQUIRE_FALSE(other);
    CHECK(other.error().message().find("another study") != std::string::npos);
    CHECK(test::read_file(file) == bytes);
}

TEST_CASE("a journal cut short or overwritten keeps its readable beginning and the damaged file") {
    const auto states = scripted_states(60);
    const test::TemporaryFolder source;
    write_journal(source.path() / "j.sqlite", 60);
    const std::string sound = test::read_file(source.path() / "j.sqlite");
    std::mt19937 random(7);
    for (int round = 0; round < 40; ++round) {
        const test::TemporaryFolder folder;
        const auto file = folder.path() / "j.sqlite";
        std::string bytes = sound;
        const auto at = std::uniform_int_distribution<std::size_t>(0, bytes.size() - 1)(random);
        const bool cut = round % 2 == 0;
        if (cut) {
            bytes.resize(at);
        } else {
            const auto size = std::min<std::size_t>(bytes.size() - at, 1U + random() % 3000U);
            for (std::size_t i = 0; i < size; ++i) {
                bytes[at + i] = static_cast<char>(random());
            }
        }
        write_bytes(file, bytes);
        INFO("round " << round << ", byte " << at << " of " << bytes.size());
        {
            const auto journal = Journal::open(file, kStudy);
            REQUIRE(journal);
            const auto state = which_state(*journal, states);
            REQUIRE(state);
            const bool whole = *state == 60 && journal->notices().empty();
            CHECK((whole || !set_aside(folder.path()).empty()));
            CHECK(journal->notices().empty() == set_aside(folder.path()).empty());
            if (!whole) {
                CHECK(test::read_file(set_aside(folder.path()).front()) == bytes);
            }
            CHECK_FALSE((cut && whole));
        }
        auto again = Journal::open(file, kStudy);
        REQUIRE(again);
        CHECK(again->notices().empty());
        REQUIRE(again->execute(test::scripted_edit(again->review(), 100)).value());
    }
}

TEST_CASE("a changed letter inside a step is noticed, though SQLite does not") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "j.sqlite";
    write_journal(file, 60);
    std::string bytes = test::read_file(file);
    const auto at = bytes.find("\"no. 8\"");
    REQUIRE(at != std::string::npos);
    bytes[at + 5] = '9';
    write_bytes(file, bytes);
    const auto journal = Journal::open(file, kStudy);
    REQUIRE(journal);
    REQUIRE(journal->notices().size() == 1);
    CHECK(journal->notices().front().find("step 9 is missing or altered") != std::string::npos);
    CHECK(which_state(*journal, scripted_states(60)) == 8U);
}

TEST_CASE("a log cut at any byte, as by a power cut, gives what was whole, without complaint") {
    const auto states = scripted_states(30);
    const test::TemporaryFolder source;
    const auto whole = source.path() / "whole.sqlite";
    write_unclosed_journal(whole, source.path() / "scratch.sqlite", 30);
    const std::string log = test::read_file(whole.string() + "-wal");
    std::mt19937 random(11);
    std::size_t before = 0;
    std::vector<std::size_t> cuts{0, 1, 32, log.size()};
    for (int i = 0; i < 40; ++i) {
        cuts.push_back(std::uniform_int_distribution<std::size_t>(0, log.size())(random));
    }
    std::sort(cuts.begin(), cuts.end());
    for (const std::size_t cut : cuts) {
        const test::TemporaryFolder folder;
        const auto file = folder.path() / "j.sqlite";
        fs::copy_file(whole, file);
        write_bytes(file.string() + "-wal", log.substr(0, cut));
        const auto journal = Journal::open(file, kStudy);
        INFO("log cut at " << cut << " of " << log.size());
        REQUIRE(journal);
        const auto state = which_state(*journal, states);
        REQUIRE(state);
        CHECK(*state >= before);
        CHECK(journal->notices().empty());
        before = *state;
    }
    CHECK(before == 30);
}

TEST_CASE("a log that is damaged before its end is set aside, and said to be") {
    const auto states = scripted_states(30);
    const test::TemporaryFolder source;
    const auto whole = source.path() / "whole.sqlite";
    write_unclosed_journal(whole, source.path() / "scratch.sqlite", 30);
    const std::string log = test::read_file(whole.string() + "-wal");
    for (const double part : {0.0, 0.0003, 0.3, 0.6}) {
        const test::TemporaryFolder folder;
        const auto file = folder.path() / "j.sqlite";
        fs::copy_file(whole, file);
        std::string damaged = log;
        const auto at = static_cast<std::size_t>(part * static_cast<double>(log.size()));
        damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
        write_bytes(file.string() + "-wal", damaged);
        const auto journal = Journal::open(file, kStudy);
        INFO("byte " << at << " of the log");
        REQUIRE(journal);
        const auto state = which_state(*journal, states);
        REQUIRE(state);
        CHECK(*state < 30);
        REQUIRE(journal->notices().size() == 1);
        CHECK(set_aside(folder.path()).size() == 2);
    }
}

TEST_CASE("a file that is no journal at all is set aside, not overwritten") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "j.sqlite";
    const std::string letter = "Dear colleague, " + std::string(5000, 'x');
    write_bytes(file, letter);
    {
        const auto journal = Journal::open(file, kStudy);
        REQUIRE(journal);
        CHECK(journal->review() == Review{});
        REQUIRE(set_aside(folder.path()).size() == 1);
        CHECK(test::read_file(set_aside(folder.path()).front()) == letter);
    }
    write_bytes(file, "");
    const auto empty = Journal::open(file, kStudy);
    REQUIRE(empty);
    CHECK(empty->notices().size() == 1);
}
