#include "dsp/core/atomic_file.h"

#include <catch2/catch.hpp>

#include "tests/support/support.h"

using namespace dsm;

TEST_CASE("a failed write leaves the old file and no litter") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "result.json";
    REQUIRE(write_file_atomically(file, "old"));
    const auto failed = write_file_atomically(file, [](std::ostream& out) -> Result<void> {
        out << "half";
        return fail(ErrorKind::io, "sink", "gave up");
    });
    CHECK_FALSE(failed);
    CHECK(test::read_file(file) == "old");
    int entries = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        ++entries;
    }
    CHECK(entries == 1);
}

TEST_CASE("a missing folder is an error that names the file") {
    const test::TemporaryFolder folder;
    const auto written = write_file_atomically(folder.path() / "no" / "a.txt", "x");
    REQUIRE_FALSE(written);
    CHECK(written.error().message().find("a.txt") != std::string::npos);
}

TEST_CASE("an error message is one line whatever was put into it") {
    const Error error{ErrorKind::unreadable, "a\nb.dcm", "bad\r\nthing", "retry"};
    CHECK(error.message() == "a b.dcm: bad  thing; retry");
}
