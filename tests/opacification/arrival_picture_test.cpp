#include "dsp/opacification/arrival_picture.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace dsm;

TEST_CASE("the arrival map is shown in seconds, in frames where times are unknown") {
    Image<float> arrival({3, 1});
    arrival.view().row(0)[0] = -1.0F;
    arrival.view().row(0)[1] = 0.0F;
    arrival.view().row(0)[2] = 2.0F;
    const std::vector<double> times{0.0, 0.5, 3.25};
    const auto shown = arrival_for_display(arrival.view(), times);
    CHECK(std::isnan(shown.view().row(0)[0]));
    CHECK(shown.view().row(0)[1] == 0.0F);
    CHECK(shown.view().row(0)[2] == 3.25F);
    const auto frames = arrival_for_display(arrival.view(), {});
    CHECK(std::isnan(frames.view().row(0)[0]));
    CHECK(frames.view().row(0)[2] == 3.0F);
}
