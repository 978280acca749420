#include <catch2/catch.hpp>
#include <vector>

#include "dsp/opacification/running_maps.h"

using namespace dsm;
using Decision = PeakGate::Decision;

namespace {

std::vector<Decision> judged(const std::vector<double>& ratios) {
    PeakGate gate;
    std::vector<Decision> all;
    for (const double ratio : ratios) {
        all.push_back(gate.judge(false, ratio));
    }
    return all;
}

}  // namespace

TEST_CASE("poor frames leave the peak once there is a better one") {
    CHECK(judged({4.0, 1.1, 1.2, 3.0, 1.0}) == std::vector{Decision::follow, Decision::start_anew,
                                                           Decision::follow, Decision::leave_out,
                                                           Decision::follow});
}

TEST_CASE("where most frames are poor they are all there is") {
    const auto all = judged({1.1, 4.0, 4.0, 4.0});
    CHECK(all[1] == Decision::leave_out);
    CHECK(all[3] == Decision::follow);
}

TEST_CASE("frames before contrast show until another comes") {
    PeakGate gate;
    CHECK(gate.judge(true, 1.0) == Decision::follow);
    CHECK(gate.judge(false, 1.0) == Decision::start_anew);
    CHECK(gate.judge(true, 1.0) == Decision::leave_out);
}
