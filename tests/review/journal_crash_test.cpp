#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "dsp/review/journal.h"
#include "tests/review/scripted_edits.h"
#include "tests/support/support.h"

using namespace dsm;
using dsm::test::Model;

namespace {

const std::string kWriter = std::string(DSM_BINARY_DIR) + "/journal_writer";

// Starts the writer, kills it once it has acknowledged `until` acts, and returns how many it had
// acknowledged when it died.
int write_and_kill(const std::filesystem::path& file, int first_act, int until) {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe(ends) == 0);
    const std::string first = std::to_string(first_act);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        ::execl(kWriter.c_str(), kWriter.c_str(), file.c_str(), first.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    int acknowledged = 0;
    char byte = 0;
    while (acknowledged < until && ::read(ends[0], &byte, 1) == 1) {
        ++acknowledged;
    }
    ::kill(child, SIGKILL);
    while (::read(ends[0], &byte, 1) == 1) {
        ++acknowledged;
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    return acknowledged;
}

}  // namespace

TEST_CASE("every change a program acknowledged before it was killed is there on reopening") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "j.sqlite";
    std::mt19937 random(3);
    Model model;
    int done = 0;
    for (int round = 0; round < 12; ++round) {
        const auto until = static_cast<int>(1 + random() % 40);
        const int acknowledged = write_and_kill(file, done, until);
        REQUIRE(acknowledged >= until);
        for (int i = 0; i < acknowledged; ++i) {
            REQUIRE(test::scripted_act(model, done++).value());
        }
        const auto journal = Journal::open(file, "1.2");
        REQUIRE(journal);
        CHECK(journal->notices().empty());
        if (!test::same_state(*journal, model)) {  // one more may have been kept, unacknowledged
            REQUIRE(test::scripted_act(model, done++).value());
        }
        INFO("round " << round << ", " << done << " acts");
        REQUIRE(test::same_state(*journal, model));
        model.seal();
    }
}

TEST_CASE("on a full disk a change is refused with a clear line, and what was kept stays kept") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "j.sqlite";
    const auto finished = test::run_program({kWriter, file.string(), "0", "120000"});
    INFO(finished.err);
    CHECK(finished.exit_code == 3);
    CHECK(finished.err.find("could not be written to the disk") != std::string::npos);
    CHECK(finished.err.find("the change was not made") != std::string::npos);
    REQUIRE_FALSE(finished.out.empty());
    Model model;
    for (std::size_t act = 0; act < finished.out.size(); ++act) {
        REQUIRE(test::scripted_act(model, static_cast<int>(act)).value());
    }
    auto journal = Journal::open(file, "1.2");
    REQUIRE(journal);
    CHECK(test::same_state(*journal, model));
    CHECK(journal->execute(test::scripted_edit(journal->review(), 1000)).value());
}

TEST_CASE("a disk that is full from the start gives an error, not a journal") {
    const test::TemporaryFolder folder;
    const auto finished =
        test::run_program({kWriter, (folder.path() / "j.sqlite").string(), "0", "1000"});
    INFO(finished.err);
    CHECK(finished.exit_code == 1);
    CHECK(finished.err.find("could not be written to the disk") != std::string::npos);
}
