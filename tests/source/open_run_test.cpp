#include "dsp/source/open_run.h"

#include <catch2/catch.hpp>

#include "tests/support/support.h"

using namespace dsm;

TEST_CASE("the same frames come out of every codec, in any order") {
    const auto folder = test::shared_data("xa");
    if (!folder) {
        WARN("shared data absent");
        return;
    }
    auto reference = open_run(*folder / "t_rubo20_implicit.dcm");
    REQUIRE(reference);
    for (const char* name :
         {"t_rubo20_jpegll_p14.dcm", "t_rubo20_jpegls.dcm", "t_rubo20_rle.dcm"}) {
        CAPTURE(name);
        auto other = open_run(*folder / name);
        REQUIRE(other);
        REQUIRE((*other)->info().frames == 20);
        REQUIRE((*other)->info().extent == Extent{512, 512});
        Image<std::uint16_t> a((*reference)->info().extent);
        Image<std::uint16_t> b((*other)->info().extent);
        for (const FrameIndex frame : {19, 0, 7}) {
            REQUIRE((*reference)->read(frame, a.view()));
            REQUIRE((*other)->read(frame, b.view()));
            CHECK(std::equal(a.pixels().begin(), a.pixels().end(), b.pixels().begin()));
        }
    }
}

TEST_CASE("a path that is not there is an error of one line") {
    const auto runs = find_runs("/nowhere/at/all");
    REQUIRE(!runs);
    CHECK(runs.error().kind == ErrorKind::not_found);
    CHECK(runs.error().message().find('\n') == std::string::npos);
}
