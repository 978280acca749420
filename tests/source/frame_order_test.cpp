#include "dsp/source/frame_order.h"

#include <catch2/catch.hpp>
#include <string>

using namespace dsm;

namespace {

using Order = FrameOrder<std::string>;

// What is handed out now, with the numbers missing before each in brackets.
std::string out_of(Order& order, double now_s, bool no_more = false) {
    std::string all;
    while (auto turn = order.next(now_s, no_more)) {
        all += !turn->missing       ? "[?]"
               : *turn->missing > 0 ? "[" + std::to_string(*turn->missing) + "]"
                                    : "";
        all += turn->item;
    }
    return all;
}

}  // namespace

TEST_CASE("frames that come in order go at once") {
    Order order(0.5);
    for (int number = 1; number <= 3; ++number) {
        REQUIRE(order.add(number, std::to_string(number), 0.0));
        CHECK(out_of(order, 0.0) == std::to_string(number));
    }
}

TEST_CASE("a frame waits for those before it, and goes without them when patience ends") {
    Order order(0.5);
    REQUIRE(order.add(1, "a", 0.0));
    CHECK(out_of(order, 0.0) == "a");
    REQUIRE(order.add(3, "c", 1.0));
    CHECK(out_of(order, 1.4).empty());
    REQUIRE(order.add(2, "b", 1.45));
    CHECK(out_of(order, 1.45) == "bc");
    REQUIRE(order.add(7, "g", 2.0));
    CHECK(out_of(order, 2.4).empty());
    CHECK(out_of(order, 2.5) == "[3]g");
    REQUIRE(!order.add(5, "e", 2.6));  // its turn is over
    CHECK(order.empty());
}

TEST_CASE("a series joined in its middle begins with the lowest that comes in time") {
    Order order(0.5);
    REQUIRE(order.add(12, "m", 0.0));
    REQUIRE(order.add(11, "l", 0.3));
    CHECK(out_of(order, 0.4).empty());
    CHECK(out_of(order, 0.5) == "lm");
}

TEST_CASE("frames without a number go in the order they come; a number is taken once") {
    Order order(0.5);
    REQUIRE(order.add(std::nullopt, "x", 0.0));
    REQUIRE(order.add(std::nullopt, "y", 0.0));
    CHECK(out_of(order, 0.0) == "xy");
    REQUIRE(order.add(4, "d", 0.0));
    CHECK(!order.add(4, "again", 0.0));
}

TEST_CASE("when no more will come nothing waits") {
    Order order(100.0);
    REQUIRE(order.add(1, "a", 0.0));
    REQUIRE(order.add(4, "d", 0.0));
    CHECK(out_of(order, 0.0) == "a");
    CHECK(out_of(order, 0.0, true) == "[2]d");
}

TEST_CASE("numbers far apart do not count what is missing") {
    Order order(100.0);
    for (const int number : {1, 2, 10003, 20005, 2000005, 2147483647}) {
        REQUIRE(order.add(number, std::to_string(number % 10), 0.0));
    }
    CHECK(out_of(order, 0.0, true) == "12[10000]3[?]5[?]5[?]7");
    CHECK(!order.add(2147483647, "again", 0.0));
}
