#include "dsp/core/levels.h"

#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/support.h"

using namespace dsm;

TEST_CASE("names run from C1 to S1 and skip none") {
    const auto names = level_names();
    REQUIRE(names.size() == 25);
    CHECK(names.front() == "C1");
    CHECK(names[6] == "C7");
    CHECK(names[7] == "T1");
    CHECK(names[18] == "T12");
    CHECK(names[19] == "L1");
    CHECK(names.back() == "S1");
}

TEST_CASE("two marks give every level between them, evenly spaced") {
    const std::vector<LevelMark> marks{{"T12", {510, 820}}, {"T6", {514, 310}}};
    const auto levels = interpolate_levels(marks);
    REQUIRE(levels);
    REQUIRE(levels->size() == 7);
    CHECK(levels->front().label == "T6");
    CHECK(levels->back().label == "T12");
    CHECK((*levels)[3].label == "T9");
    CHECK((*levels)[3].center_px.y == Approx(565));
    CHECK((*levels)[3].source == LevelSource::interpolated);
    CHECK(levels->front().source == LevelSource::operator_marked);
}

TEST_CASE("a marked T13 stands between T12 and L1") {
    const std::vector<LevelMark> marks{{"T12", {0, 0}}, {"T13", {0, 100}}, {"L2", {0, 300}}};
    const auto levels = interpolate_levels(marks);
    REQUIRE(levels);
    REQUIRE(levels->size() == 4);
    CHECK((*levels)[2].label == "L1");
    CHECK((*levels)[2].center_px.y == Approx(200));
}

TEST_CASE("marks that contradict their names are refused") {
    CHECK_FALSE(interpolate_levels(std::vector<LevelMark>{{"T6", {0, 0}}}));
    CHECK_FALSE(interpolate_levels(std::vector<LevelMark>{{"T6", {0, 0}}, {"T6", {0, 9}}}));
    CHECK_FALSE(interpolate_levels(std::vector<LevelMark>{{"T6", {0, 0}}, {"X1", {0, 9}}}));
    CHECK_FALSE(interpolate_levels(
        std::vector<LevelMark>{{"T6", {0, 0}}, {"T8", {0, -50}}, {"T9", {0, 90}}}));
}

TEST_CASE("interpolated levels never change places, whatever the marks") {
    rc::check([](const std::vector<std::uint8_t>& steps) {
        std::vector<LevelMark> marks;
        const auto names = level_names();
        double y = 0;
        std::size_t order = 0;
        for (const auto step : steps) {
            order += 1 + step % 4;
            y += 5 + step;
            if (order < names.size()) {
                marks.push_back(
                    {names[order], {100.0 + step % 7, y}, LevelSource::operator_marked});
            }
        }
        RC_PRE(marks.size() >= 2);
        const auto levels = interpolate_levels(marks);
        RC_ASSERT(levels.has_value());
        for (std::size_t i = 1; i < levels->size(); ++i) {
            RC_ASSERT((*levels)[i].center_px.y > (*levels)[i - 1].center_px.y);
        }
    });
}

TEST_CASE("a foramen is named by the bodies above and below") {
    const std::vector<LevelMark> levels{{"T10", {0, 0}}, {"T11", {0, 100}}};
    CHECK(foramen_at(levels, {30, 50}) == "T10-T11");
    CHECK(foramen_at(levels, {30, 140}) == "T11-T12");
    CHECK(foramen_at(levels, {30, -40}) == "T9-T10");
    CHECK(foramen_at(levels, {30, 260}) == std::nullopt);
    CHECK(foramen_at(std::vector<LevelMark>{}, {30, 50}) == std::nullopt);
}

TEST_CASE("a levels file goes out and comes back") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "levels.json";
    const std::vector<LevelMark> marks{{"T6", {514, 310}}, {"T12", {510.25, 820}}};
    REQUIRE(write_levels_file(file, marks));
    const auto back = read_levels_file(file);
    REQUIRE(back);
    CHECK(*back == marks);
}

TEST_CASE("a damaged levels file is refused with its name") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "levels.json";
    for (const char* text : {"", "[]", "{\"levels\": 3}", "{\"levels\": [{\"label\": 3}]}",
                             "{\"levels\": [{\"label\": \"T6\", \"center_px\": [1]}]}"}) {
        std::ofstream(file) << text;
        const auto levels = read_levels_file(file);
        REQUIRE_FALSE(levels);
        CHECK(levels.error().message().find("levels.json") != std::string::npos);
    }
    CHECK_FALSE(read_levels_file(folder.path() / "absent.json"));
}
