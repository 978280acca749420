#include "viewer/window_level.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>

using dsm::DisplayWindow;
using namespace dsm::viewer;

TEST_CASE("a drag sideways scales the width alike for wide and narrow windows") {
    const auto wide = dragged({2000.0, 4000.0}, 100.0, 0.0, false);
    const auto narrow = dragged({0.05, 0.1}, 100.0, 0.0, false);
    CHECK(wide.width > 4000.0);
    CHECK(wide.width / 4000.0 == Approx(narrow.width / 0.1));
    CHECK(wide.center == 2000.0);
}

TEST_CASE("a drag upwards raises the centre in proportion to the width") {
    const auto up = dragged({100.0, 320.0}, 0.0, -16.0, false);
    CHECK(up.center == Approx(132.0));
    CHECK(up.width == 320.0);
}

TEST_CASE("a drag there and back ends where it began, and fine drags go a fifth of the way") {
    CHECK(rc::check([] {
        const double dx = *rc::gen::inRange(-300, 300);
        const DisplayWindow start{500.0, 1000.0};
        const auto back = dragged(dragged(start, dx, 0.0, false), -dx, 0.0, false);
        RC_ASSERT(std::abs(back.width - start.width) < 1e-6);
        const auto fine = dragged(start, dx, 0.0, true);
        const auto fifth = dragged(start, dx / 5.0, 0.0, false);
        RC_ASSERT(std::abs(fine.width - fifth.width) < 1e-6);
    }));
}

TEST_CASE("no drag makes a width that the picture cannot be divided by") {
    CHECK(dragged({0.0, 0.001}, -1e5, 0.0, false).width > 0.0);
    CHECK(kept_sane({0.0, 0.0}).width > 0.0);
    CHECK(std::isfinite(dragged({0.0, 1.0}, 1e5, 0.0, false).width));
}

TEST_CASE("the opacity window shows zero opacity in light grey") {
    const auto window = window_for_opacity(0.2);
    const double low = window.center - 0.5 * window.width;
    const double dark_part = (0.0 - low) / window.width;
    CHECK(1.0 - dark_part == Approx(0.625));
    CHECK(low + window.width == Approx(0.2));
}
