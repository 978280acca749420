#include "dsp/core/thinned_series.h"

#include <catch2/catch.hpp>

using namespace dsm;

TEST_CASE("a short series is kept whole") {
    ThinnedSeries<int> series(8);
    for (int i = 0; i < 8; ++i) {
        CHECK(series.keeps_next());
        series.add(i);
    }
    CHECK(series.items() == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7});
    CHECK(series.step() == 1);
}

TEST_CASE("a long series is kept evenly spread, in no more places than were given") {
    for (const int count : {9, 15, 16, 17, 100, 1000, 4097}) {
        ThinnedSeries<int> series(8);
        for (int i = 0; i < count; ++i) {
            if (series.keeps_next()) {
                series.add(i);
            } else {
                series.skip();
            }
        }
        INFO(count);
        CHECK(series.seen() == static_cast<std::size_t>(count));
        CHECK(series.items().size() <= 8);
        CHECK(series.items().size() >= 4);
        for (std::size_t i = 0; i < series.items().size(); ++i) {
            CHECK(series.items()[i] == static_cast<int>(i * series.step()));
        }
        CHECK(static_cast<int>((series.items().size()) * series.step()) >= count);
    }
}

TEST_CASE("an item that is not kept may be offered all the same") {
    ThinnedSeries<int> series(2);
    for (int i = 0; i < 9; ++i) {
        series.add(i);
    }
    CHECK(series.items() == std::vector<int>{0, 8});
}

TEST_CASE("how many items fit is even and within its limits") {
    CHECK(even_number_in(100, 9, 2, 50) == 10);
    CHECK(even_number_in(100, 1000, 4, 50) == 4);
    CHECK(even_number_in(100, 1, 4, 50) == 50);
    CHECK(even_number_in(100, 0, 4, 50) == 50);
}
