#include "viewer/alarm_banner.h"

#include <catch2/catch.hpp>

using namespace dsm;
using namespace dsm::viewer;

namespace {

Highlight fistula(int id, double confidence, int x = 10) {
    Highlight highlight;
    highlight.id = id;
    highlight.kind = LeakKind::csf_venous_fistula;
    highlight.confidence = confidence;
    highlight.bbox_px = {x, 10, 8, 8};
    highlight.level = "T7";
    highlight.alarm_frame = 4;
    return highlight;
}

}  // namespace

TEST_CASE("an alarm is renewed while it stands, and withdrawn when it no longer does") {
    const RunInfo info;
    AlarmBanner banner;
    CHECK(banner.look(info, 3, {fistula(1, 0.4)}, {}).empty());
    CHECK(banner.text().empty());
    CHECK(banner.look(info, 4, {fistula(1, 0.8)}, {}).empty());
    CHECK(banner.text().find("0.80") != std::string::npos);
    CHECK(banner.look(info, 5, {fistula(1, 0.4)}, {}).empty());
    CHECK(banner.text().find("0.40") != std::string::npos);
    const auto withdrawn = banner.look(info, 6, {fistula(1, 0.2)}, {});
    REQUIRE(withdrawn.size() == 1);
    CHECK(withdrawn[0].find("frame 7") != std::string::npos);
    CHECK(withdrawn[0].find("T7") != std::string::npos);
    CHECK(banner.text().empty());
    CHECK(banner.look(info, 7, {fistula(1, 0.7)}, {}).empty());
    CHECK(banner.text().find("0.70") != std::string::npos);
}

TEST_CASE("the newest alarm that was not selected is shown") {
    const RunInfo info;
    AlarmBanner banner;
    banner.look(info, 4, {fistula(1, 0.8)}, {});
    banner.look(info, 5, {fistula(1, 0.8), fistula(2, 0.9, 90)}, {});
    CHECK(banner.text().find("0.90") != std::string::npos);
    banner.look(info, 5, {fistula(1, 0.8), fistula(2, 0.9, 90)}, 2);
    CHECK(banner.text().find("0.80") != std::string::npos);
    banner.look(info, 5, {fistula(1, 0.8), fistula(2, 0.9, 90)}, 1);
    CHECK(banner.text().empty());
    // Where one lies that stood until now there is another: nothing was withdrawn.
    CHECK(banner.look(info, 6, {fistula(3, 0.6), fistula(2, 0.9, 90)}, 1).empty());
    CHECK(banner.text().find("0.60") != std::string::npos);
}

TEST_CASE("another pass over the run begins without alarms, and withdraws none") {
    const RunInfo info;
    AlarmBanner banner;
    banner.look(info, 9, {fistula(1, 0.8)}, 1);
    CHECK(banner.look(info, 2, {}, {}).empty());
    CHECK(banner.text().empty());
    banner.look(info, 9, {fistula(1, 0.8)}, {});
    CHECK(!banner.text().empty());
}
