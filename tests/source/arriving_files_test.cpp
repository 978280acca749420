#include "dsp/source/arriving_files.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "tests/support/support.h"

using namespace dsm;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

ArrivingFiles watching(const fs::path& folder, const fs::path& exclude = {},
                       bool only_new = false) {
    ArrivingParams params;
    params.folder = folder;
    params.exclude = exclude;
    params.only_new = only_new;
    params.settle_s = 0.2;
    auto files = ArrivingFiles::open(params);
    REQUIRE(files);
    return std::move(*files);
}

// Names that come within a second, until something has.
std::string names(ArrivingFiles& files, std::chrono::milliseconds most = 1000ms) {
    std::string all;
    for (const ArrivedFile& file : files.wait(most)) {
        all += (all.empty() ? "" : " ") + file.path.filename().string();
    }
    return all;
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("what lies there is handed out once, and again when it has changed") {
    const test::TemporaryFolder folder;
    write(folder.path() / "a", "one");
    ArrivingFiles files = watching(folder.path());
    CHECK(names(files) == "a");
    CHECK(names(files, 60ms).empty());
    write(folder.path() / "a", "longer");
    CHECK(names(files) == "a");
}

TEST_CASE("a file that is being written is waited for") {
    const test::TemporaryFolder folder;
    ArrivingFiles files = watching(folder.path());
    std::ofstream slow(folder.path() / "slow");
    slow << "first" << std::flush;
    CHECK(names(files, 100ms).empty());
    slow << "second" << std::flush;
    CHECK(names(files, 100ms).empty());
    slow.close();
    CHECK(names(files) == "slow");
}

TEST_CASE("files that get their name when they are whole, and folders that come, are seen") {
    const test::TemporaryFolder folder;
    ArrivingFiles files = watching(folder.path());
    write(folder.path() / ".part", "content");
    CHECK(names(files, 60ms).empty());
    fs::create_hard_link(folder.path() / ".part", folder.path() / "linked");
    CHECK(names(files) == "linked");
    // As a receiver does: the name under which it was written goes.
    fs::create_hard_link(folder.path() / ".part", folder.path() / ".other");
    fs::remove(folder.path() / ".other");
    CHECK(names(files, 2300ms).empty());
    fs::rename(folder.path() / ".part", folder.path() / "moved");
    CHECK(names(files) == "moved");
    fs::create_directories(folder.path() / "deep" / "er");
    write(folder.path() / "deep" / "er" / "inside", "content");
    CHECK(names(files) == "inside");
}

TEST_CASE("what lies there already, and what is excluded, may be left alone") {
    const test::TemporaryFolder folder;
    fs::create_directories(folder.path() / "results");
    write(folder.path() / "old", "content");
    std::this_thread::sleep_for(20ms);
    ArrivingFiles files = watching(folder.path(), folder.path() / "results", true);
    write(folder.path() / "results" / "result", "content");
    CHECK(names(files, 100ms).empty());
    write(folder.path() / "new", "content");
    CHECK(names(files) == "new");
    ArrivingParams params;
    params.folder = folder.path();
    params.exclude = folder.path() / "results";
    params.only_new = true;
    params.recent_s = 60.0;
    auto recent = ArrivingFiles::open(params);
    REQUIRE(recent);
    CHECK(names(*recent) == "old new");
}

TEST_CASE("content that is not whole is handed out when it changes, and given up in the end") {
    const test::TemporaryFolder folder;
    write(folder.path() / "a", "half");
    ArrivingFiles files = watching(folder.path());
    const auto half = files.wait(1000ms);
    REQUIRE(half.size() == 1);
    files.again(half.front());
    CHECK(!files.idle());
    CHECK(names(files, 60ms).empty());
    CHECK(files.given_up(3600.0).empty());
    std::ofstream(folder.path() / "a", std::ios::app) << "more";
    const auto more = files.wait(1000ms);
    REQUIRE(more.size() == 1);
    files.again(more.front());
    CHECK(files.given_up(0.0).size() == 1);
    CHECK(files.given_up(0.0).empty());
    CHECK(files.idle());
}

TEST_CASE("a folder that is not there is an error") {
    ArrivingParams params;
    params.folder = "/nowhere/at/all";
    CHECK(!ArrivingFiles::open(params));
}
