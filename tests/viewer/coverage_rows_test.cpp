#include "viewer/coverage_rows.h"

#include <catch2/catch.hpp>

using namespace dsm;
using namespace dsm::viewer;

namespace {

LevelCoverage covered(const char* level, Side side, bool adequate) {
    LevelCoverage row;
    row.level = level;
    row.side = side;
    row.in_view = true;
    row.adequate = adequate;
    return row;
}

}  // namespace

TEST_CASE("the spine has each level with coverage once, by side, and gathers the rest") {
    const std::vector<LevelCoverage> coverage{
        covered("T6", Side::left, true), covered("T6", Side::right, false),
        covered("T7", Side::left, true), covered("T7", Side::right, true)};
    const auto rows = coverage_rows(coverage);
    REQUIRE(rows.size() == 4);
    CHECK((rows[0].first == "C1" && rows[0].last == "T5" && !rows[0].known()));
    CHECK((rows[1].first == "T6" && rows[1].left == &coverage[0]));
    CHECK((rows[1].right == &coverage[1] && rows[1].undetermined == nullptr));
    CHECK(rows[2].first == "T7");
    CHECK((rows[3].first == "T8" && rows[3].last == "S1"));
    CHECK(cleared_text(coverage, Side::left) == "T6 to T7");
    CHECK(cleared_text(coverage, Side::right) == "T7");
    CHECK(cleared_text(coverage, Side::undetermined).empty());
}

TEST_CASE("without coverage the whole spine is one row, and a thirteenth rib is a level") {
    const auto none = coverage_rows({});
    REQUIRE(none.size() == 1);
    CHECK((none[0].first == "C1" && none[0].last == "S1"));
    const std::vector<LevelCoverage> coverage{covered("T13", Side::undetermined, true)};
    const auto rows = coverage_rows(coverage);
    REQUIRE(rows.size() == 3);
    CHECK((rows[0].last == "T12" && rows[1].undetermined == &coverage[0]));
    CHECK(rows[2].first == "L1");
}
