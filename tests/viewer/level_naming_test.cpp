#include "viewer/level_naming.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace dsm;
using namespace dsm::viewer;

TEST_CASE("the second mark is suggested by the side of the first it lies on") {
    const std::vector<LevelMark> marks{{"T12", {300.0, 400.0}}};
    CHECK(suggested_level({}, {0.0, 0.0}) == "T12");
    CHECK(suggested_level(marks, {300.0, 500.0}) == "L1");
    CHECK(suggested_level(marks, {300.0, 300.0}) == "T11");
}

TEST_CASE("with two marks the suggestion goes on at their pitch, between and beyond them") {
    const std::vector<LevelMark> marks{{"T10", {300.0, 100.0}}, {"T12", {300.0, 300.0}}};
    CHECK(suggested_level(marks, {310.0, 190.0}) == "T11");
    CHECK(suggested_level(marks, {300.0, 410.0}) == "L1");
    CHECK(suggested_level(marks, {300.0, 0.0}) == "T9");
    CHECK(suggested_level(marks, {300.0, -1e6}) == "C1");
}

TEST_CASE("names end where the spine ends") {
    CHECK(level_after("T12", 1, {}) == "L1");
    CHECK(level_after("S1", 1, {}) == std::nullopt);
    CHECK(level_after("C1", -1, {}) == std::nullopt);
    const std::vector<LevelMark> marks{{"L6", {0.0, 0.0}}};
    CHECK(level_after("L6", 1, marks) == "S1");
}
