#include "dsp/dicom/network/archive_list.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/support.h"

using namespace dsm;

namespace {

std::filesystem::path written(const test::TemporaryFolder& folder, const std::string& text) {
    const auto file = folder.path() / "archives.json";
    std::ofstream(file) << text;
    return file;
}

}  // namespace

TEST_CASE("archives have names, with what is needed to reach them") {
    const test::TemporaryFolder folder;
    const auto file = written(folder, R"({"archives": [
        {"name": "hospital", "address": "PACS@archive:2762", "aet": "READER", "method": "move",
         "tls": true, "ca": "site.pem", "cert": "/etc/dsm/us.pem", "key": "/etc/dsm/us.key",
         "timeout_s": 20},
        {"name": "web", "address": "https://archive/dicom-web/", "credentials": "secret"}]})");
    const auto all = read_archives(file);
    REQUIRE(all);
    REQUIRE(all->size() == 2);
    const KnownArchive& hospital = all->front();
    CHECK(name_of(hospital.address) == "PACS@archive:2762");
    CHECK(hospital.options.aet == "READER");
    CHECK(hospital.method == FetchMethod::move);
    CHECK(hospital.options.tls.on);
    CHECK(hospital.options.tls.authorities == folder.path() / "site.pem");
    CHECK(hospital.options.tls.key == "/etc/dsm/us.key");
    CHECK(hospital.options.reply_s == 20);
    CHECK((*all)[1].options.credentials_file == folder.path() / "secret");
    CHECK((*all)[1].method == FetchMethod::get);

    NetworkOptions given;
    given.aet = "OTHER";
    const auto named = archive_named("hospital", given, FetchMethod::get, file);
    REQUIRE(named);
    CHECK(named->options.aet == "OTHER");
    CHECK(named->options.tls.on);
    CHECK(archive_named("hospital", {}, FetchMethod::get, file)->options.aet == "READER");
    CHECK_FALSE(archive_named("elsewhere", {}, FetchMethod::get, file));
    const auto address = archive_named("PACS@host:104", given, FetchMethod::move, file);
    REQUIRE(address);
    CHECK(address->method == FetchMethod::move);
    CHECK(read_archives(folder.path() / "none.json")->empty());
}

TEST_CASE("what is wrong with the list of archives is said, with its place and without secrets") {
    const test::TemporaryFolder folder;
    for (const auto& [entry, words] : std::vector<std::pair<std::string, std::string>>{
             {R"({"address": "PACS@a:1"})", "\"name\""},
             {R"({"name": "a@b", "address": "PACS@a:1"})", "\"name\""},
             {R"({"name": "a", "address": "PACS"})", "\"address\""},
             {R"({"name": "a", "address": "https://me:hunter2@a/x"})", "\"address\""},
             {R"({"name": "a", "address": "PACS@a:1", "tls": "yes"})", "\"tls\""},
             {R"({"name": "a", "address": "PACS@a:1", "method": "pull"})", "\"method\""},
             {R"({"name": "a", "address": "PACS@a:1", "timeout_s": 0})", "\"timeout_s\""},
             {R"({"name": "a", "address": "PACS@a:1", "timeout_s": 99999999999})", "\"timeout_s\""},
             {R"({"name": "a", "address": "PACS@a:1", "ca": 7})", "\"ca\""},
             {"7", "archive 1"}}) {
        const auto read = read_archives(written(folder, "{\"archives\": [" + entry + "]}"));
        CAPTURE(entry);
        REQUIRE_FALSE(read);
        CHECK(read.error().message().find(words) != std::string::npos);
        CHECK(read.error().message().find("hunter2") == std::string::npos);
    }
    CHECK_FALSE(read_archives(written(folder, "[]")));
    CHECK_FALSE(read_archives(written(folder, "{")));
}
