#include "dsp/core/findings.h"

#include <catch2/catch.hpp>

using namespace dsm;

TEST_CASE("words of the contract come back as the values they name") {
    for (const auto kind :
         {LeakKind::csf_venous_fistula, LeakKind::extravasation, LeakKind::diverticulum,
          LeakKind::nerve_root_sleeve, LeakKind::renal_excretion, LeakKind::unclassified}) {
        CHECK(from_string<LeakKind>(to_string(kind)) == kind);
    }
    CHECK(std::string(to_string(LevelSource::operator_marked)) == "operator");
    CHECK(from_string<Side>("undetermined") == Side::undetermined);
    CHECK_FALSE(from_string<Side>("Left").has_value());
}

TEST_CASE("only fistula and extravasation count as leaks") {
    CHECK(is_leak(LeakKind::csf_venous_fistula));
    CHECK(is_leak(LeakKind::extravasation));
    CHECK_FALSE(is_leak(LeakKind::diverticulum));
    CHECK_FALSE(is_leak(LeakKind::unclassified));
}

TEST_CASE("distance to a polyline is to its nearest point, not its nearest corner") {
    const std::vector<Point> path{{0, 0}, {10, 0}};
    CHECK(distance_to_polyline({5, 3}, path) == Approx(3));
    CHECK(distance_to_polyline({13, 4}, path) == Approx(5));
}
