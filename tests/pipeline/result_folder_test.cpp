#include "dsp/pipeline/result_folder.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "tests/support/support.h"

using namespace dsm;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file) << text;
}

std::set<std::string> names_in(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

}  // namespace

TEST_CASE("runs are named after their files, and after their folders where files share a name") {
    using Paths = std::vector<fs::path>;
    using Names = std::vector<std::string>;
    CHECK(result_names(Paths{"a/x.dcm", "b/y.DCM", "c/1.2.840.7"}) == Names{"x", "y", "1.2.840.7"});
    CHECK(result_names(Paths{"/d/one/run.dcm", "/d/two/run.dcm"}) == Names{"one", "two"});
    CHECK(result_names(Paths{"/d/one/run.dcm", "/e/one/run.dcm"}) == Names{"one_run", "one_run-2"});
    CHECK(result_names(Paths{"/d/.hidden.dcm", "/d/a\nb.dcm"}) == Names{"_hidden", "a_b"});
}

TEST_CASE("names of any runs are different, visible and stay inside their folder") {
    CHECK(rc::check([] {
        const auto piece = rc::gen::container<std::string>(
            2, rc::gen::element<char>('a', 'b', '.', '/', '\\', '-', '\n', '\x7f'));
        std::vector<fs::path> runs;
        for (int i = *rc::gen::inRange(0, 30); i > 0; --i) {
            runs.push_back(fs::path("/data") / (*piece + "/") / (*piece + ".dcm"));
        }
        std::set<std::string> seen;
        for (const std::string& name : result_names(runs)) {
            RC_ASSERT(seen.insert(name).second);
            RC_ASSERT(!name.empty() && name.front() != '.');
            RC_ASSERT(name.find('/') == std::string::npos);
            RC_ASSERT(name.find('\n') == std::string::npos);
        }
    }));
}

TEST_CASE("a result given up leaves no trace and an earlier one untouched") {
    const test::TemporaryFolder folder;
    const fs::path earlier = folder.path() / "earlier";
    fs::create_directory(earlier);
    write(earlier / "result.json", "old");
    {
        const auto kept = ResultFolder::create(earlier);
        const auto fresh = ResultFolder::create(folder.path() / "new" / "deep");
        REQUIRE(kept);
        REQUIRE(fresh);
        write(kept->staged("result.json"), "half");
        write(fresh->staged("result.json"), "half");
    }
    CHECK(names_in(folder.path()) == std::set<std::string>{"earlier"});
    CHECK(names_in(earlier) == std::set<std::string>{"result.json"});
    CHECK(test::read_file(earlier / "result.json") == "old");
}

TEST_CASE("a published result replaces the earlier one as a whole and nothing else") {
    const test::TemporaryFolder folder;
    write(folder.path() / "result.json", "old");
    write(folder.path() / "opacity.npy", "belongs to the old one");
    write(folder.path() / "notes.txt", "mine");
    auto results = ResultFolder::create(folder.path());
    REQUIRE(results);
    write(results->staged("result.json"), "new");
    write(results->staged("overview.png"), "picture");
    REQUIRE(results->publish());
    CHECK(names_in(folder.path()) ==
          std::set<std::string>{"notes.txt", "overview.png", "result.json"});
    CHECK(test::read_file(folder.path() / "result.json") == "new");
}

TEST_CASE("a folder that cannot be made is an error that names it") {
    const test::TemporaryFolder folder;
    write(folder.path() / "file", "in the way");
    const auto results = ResultFolder::create(folder.path() / "file" / "out");
    REQUIRE_FALSE(results);
    CHECK(results.error().message().find("file/out") != std::string::npos);
}
