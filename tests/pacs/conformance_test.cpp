#include "dsp/dicom/network/conformance.h"

#include <catch2/catch.hpp>

#include "tests/support/support.h"

// To renew the lists after a change of the code, put what the test prints between the marks.
TEST_CASE("the conformance statement lists what the code does") {
    const std::string statement = dsm::test::read_file(DSM_SOURCE_DIR "/tools/conformance.md");
    const std::string begin = "<!-- lists: begin -->\n\n";
    const auto from = statement.find(begin);
    const auto to = statement.find("<!-- lists: end -->");
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    CHECK(statement.substr(from + begin.size(), to - from - begin.size()) ==
          dsm::conformance_tables());
}
