// What can go wrong around the work: folders, disks, signals. Nothing half-written may remain.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "tests/cli/cli_support.h"

using namespace dsm;
using test::dsm_command;
using test::files_below;
namespace fs = std::filesystem;

namespace {

// The hidden folder that a result is made in is there.
bool has_begun(const fs::path& out) {
    std::error_code unknown;
    for (const auto& entry : fs::directory_iterator(out, unknown)) {
        if (entry.is_directory(unknown)) {
            return true;
        }
    }
    return false;
}

// Starts dsm process and sends `number` once its hidden folder is there; returns the exit status
// and what it said.
test::Finished interrupted(const fs::path& run, const fs::path& out, int number) {
    const test::TemporaryFolder folder;
    const fs::path said = folder.path() / "err";
    const std::string program = std::string(DSM_BINARY_DIR) + "/dsm";
    const pid_t child = ::fork();
    if (child == 0) {
        const int file = ::open(said.c_str(), O_CREAT | O_WRONLY, 0600);
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
        ::execl(program.c_str(), "dsm", "process", run.c_str(), "--out", out.c_str(), "-q",
                "--dump", "opacity", static_cast<char*>(nullptr));
        ::_exit(127);
    }
    int status = 0;
    bool sent = false;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        if (!sent && has_begun(out)) {
            ::kill(child, number);
            sent = true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    test::Finished finished;
    finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    finished.err = test::read_file(said);
    return finished;
}

}  // namespace

TEST_CASE("a result folder that cannot be written is one line and exit 1") {
    const test::TemporaryFolder folder;
    test::write_small_run(folder.path() / "run.dcm");
    std::ofstream(folder.path() / "file") << "in the way";
    for (const std::string& out : {(folder.path() / "file" / "out").string(),
                                   (folder.path() / "file").string(), std::string("/proc/out")}) {
        const auto finished =
            dsm_command({"process", (folder.path() / "run.dcm").string(), "-q", "--out", out});
        INFO(finished.err);
        CHECK(finished.exit_code == 1);
        CHECK(test::is_one_error_line(finished.err, out));
    }
}

TEST_CASE("a disk that fills up is one line and exit 1, and leaves nothing") {
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run, 40, {128, 128});
    const fs::path out = folder.path() / "out";
    // File sizes limited to 16 KiB: the arrays, and then the pictures, do not fit.
    for (const char* dump : {"--dump opacity", ""}) {
        const auto finished = test::shell("ulimit -f 16; exec \"$DSM\" process '" + run.string() +
                                          "' -q " + dump + " --out '" + out.string() + "'");
        INFO(finished.err);
        CHECK(finished.exit_code == 1);
        CHECK(test::is_one_error_line(finished.err, (out / "").string()));
        CHECK(finished.err.find("part") == std::string::npos);  // the hidden folder stays hidden
        CHECK(files_below(folder.path()) == std::set<std::string>{"run.dcm"});
    }
}

TEST_CASE("Ctrl-C ends the work, says so, and leaves nothing half-written") {
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run, 400, {256, 256});
    const fs::path out = folder.path() / "out";
    for (const int number : {SIGINT, SIGTERM}) {
        const auto finished = interrupted(run, out, number);
        INFO(finished.err);
        CHECK(finished.exit_code == 1);
        CHECK(test::is_one_error_line(finished.err, "run.dcm"));
        CHECK(files_below(folder.path()) == std::set<std::string>{"run.dcm"});
    }
}

TEST_CASE("Ctrl-C keeps an earlier result as it was") {
    const test::TemporaryFolder folder;
    const fs::path small = folder.path() / "small.dcm";
    const fs::path large = folder.path() / "large.dcm";
    test::write_small_run(small);
    test::write_small_run(large, 400, {256, 256});
    const fs::path out = folder.path() / "out";
    REQUIRE(dsm_command({"process", small.string(), "--out", out.string()}).exit_code == 0);
    const auto before = files_below(out);
    const std::string result = test::read_file(out / "result.json");
    CHECK(interrupted(large, out, SIGINT).exit_code == 1);
    CHECK(files_below(out) == before);
    CHECK(test::read_file(out / "result.json") == result);
}

TEST_CASE("a reader that goes away does not kill the work") {
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run);
    const fs::path out = folder.path() / "out";
    const auto finished = test::shell("set -o pipefail; \"$DSM\" process '" + run.string() +
                                      "' -q --out '" + out.string() + "' | true");
    CHECK(finished.exit_code == 0);
    CHECK(fs::exists(out / "result.json"));
}

TEST_CASE("a progress bar shows on a terminal and is gone at the end") {
    if (test::run_program({"script", "--version"}).exit_code != 0) {
        WARN("no script(1) to make a terminal with");
        return;
    }
    const test::TemporaryFolder folder;
    const fs::path run = folder.path() / "run.dcm";
    test::write_small_run(run);
    const auto finished = test::shell("script -qec \"$DSM process '" + run.string() + "' --out '" +
                                      (folder.path() / "out").string() + "'\" /dev/null");
    CHECK(finished.exit_code == 0);
    CHECK(finished.out.find("[####") != std::string::npos);
    CHECK(finished.out.rfind("\r\x1b[K") != std::string::npos);
    CHECK(finished.out.rfind("\r\x1b[K") > finished.out.rfind("[####"));
}
