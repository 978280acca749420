#include "dsp/motion/register.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "dsp/motion/field_memory.h"
#include "tests/motion/scene.h"

using namespace dsm;
using namespace dsm::test;

namespace {

constexpr Extent kExtent{320, 256};
constexpr double kNoise = 0.008;

Point nowhere(double, double) {
    return {0.0, 0.0};
}

Registration between(const Image<float>& live, const Image<float>& mask,
                     RegistrationMethod method = RegistrationMethod::mesh) {
    Registrar registrar;
    RegistrationParams params;
    params.method = method;
    params.noise = static_cast<float>(std::sqrt(2.0) * kNoise);
    return registrar.estimate(pyramid_of(live), pyramid_of(mask), live.extent(), params);
}

}  // namespace

TEST_CASE("a shifted mask is found to within 0.04 px, from a fraction of a pixel to twelve") {
    const bool holds = rc::check("shift", [] {
        const double dx = *rc::gen::inRange(-1200, 1200) / 100.0;
        const double dy = *rc::gen::inRange(-1200, 1200) / 100.0;
        RC_PRE(std::hypot(dx, dy) > 0.1);
        // mask(x + d) = live(x): the live picture shows the scene d further on.
        const Field shift = [=](double, double) { return Point{dx, dy}; };
        const Image<float> live = picture(kExtent, shift, kNoise, 1);
        const Image<float> mask = picture(kExtent, nowhere, kNoise, 2);
        const Registration found = between(live, mask);
        RC_ASSERT(end_point_error(found.field, shift, kExtent, 24) < 0.04);
    });
    CHECK(holds);
}

TEST_CASE("an affine motion is found to within 0.05 px") {
    const Field affine = [](double x, double y) {
        return Point{1.5 + 0.012 * (x - 160) - 0.008 * (y - 128),
                     -0.7 + 0.006 * (x - 160) + 0.015 * (y - 128)};
    };
    const Image<float> live = picture(kExtent, affine, kNoise, 3);
    const Image<float> mask = picture(kExtent, nowhere, kNoise, 4);
    const Registration found = between(live, mask, RegistrationMethod::affine);
    CHECK(found.used == RegistrationMethod::affine);
    CHECK(end_point_error(found.field, affine, kExtent, 24) < 0.05);
}

TEST_CASE("affine is kept where it pays and a mesh does not, and the reason says so") {
    // A turn by a fraction of a degree under noise that hides it from any one control point.
    const Field turned = [](double x, double y) {
        return Point{0.3 - 0.0022 * (y - 128), 0.2 + 0.0022 * (x - 160)};
    };
    const double much = 0.12;
    const Image<float> live = picture(kExtent, turned, much, 31);
    const Image<float> mask = picture(kExtent, nowhere, much, 32);
    Registrar registrar;
    RegistrationParams params;
    params.noise = static_cast<float>(std::sqrt(2.0) * much);
    const Registration found =
        registrar.estimate(pyramid_of(live), pyramid_of(mask), live.extent(), params);
    CHECK(found.used == RegistrationMethod::affine);
    CHECK(found.reason.find("affine kept") != std::string::npos);
}

TEST_CASE("a smooth field of up to six pixels is found to within 0.15 px") {
    const Field smooth = [](double x, double y) {
        return Point{3.0 * std::sin(0.012 * y + 0.4),
                     6.0 * std::cos(0.010 * x) * std::sin(0.011 * y)};
    };
    const Image<float> live = picture(kExtent, smooth, kNoise, 5);
    const Image<float> mask = picture(kExtent, nowhere, kNoise, 6);
    const Registration found = between(live, mask);
    CHECK(found.used == RegistrationMethod::mesh);
    CHECK(end_point_error(found.field, smooth, kExtent, 24) < 0.15);
}

namespace {

// A smooth field of breathing with the whole body `jerk` px further.
Field breathing(double phase, Point jerk) {
    return [=](double x, double y) {
        return Point{jerk.x + 2.0 * std::sin(phase) * std::cos(0.012 * y),
                     jerk.y + 5.0 * std::sin(phase) * std::cos(0.010 * x)};
    };
}

double error_from_start(const Field& before, const Field& now) {
    const Image<float> mask = picture(kExtent, nowhere, kNoise, 20);
    const Registration last = between(picture(kExtent, before, kNoise, 21), mask);
    const Image<float> live = picture(kExtent, now, kNoise, 22);
    Registrar registrar;
    RegistrationParams params;
    params.noise = static_cast<float>(std::sqrt(2.0) * kNoise);
    params.start = &last.field;
    const Registration found =
        registrar.estimate(pyramid_of(live), pyramid_of(mask), live.extent(), params);
    return end_point_error(found.field, now, kExtent, 24);
}

}  // namespace

TEST_CASE("a mesh that goes on from the last frame's is as good as one from scratch") {
    for (const double phase : {0.8, 1.0, 1.3}) {
        const Field now = breathing(phase, {});
        const Image<float> live = picture(kExtent, now, kNoise, 22);
        const Image<float> mask = picture(kExtent, nowhere, kNoise, 20);
        const double fresh = end_point_error(between(live, mask).field, now, kExtent, 24);
        CHECK(error_from_start(breathing(phase - 0.3, {}), now) < fresh + 0.02);
    }
}

TEST_CASE("a jerk against the last frame's field is followed") {
    for (const Point jerk : {Point{9.0, 0.0}, Point{-6.0, 11.0}, Point{3.0, -14.0}}) {
        CHECK(error_from_start(breathing(0.9, {}), breathing(1.0, jerk)) < 0.2);
        CHECK(error_from_start(breathing(0.9, jerk), breathing(1.0, {})) < 0.2);
    }
}

TEST_CASE("a body that comes to rest is left as it is, whatever the last field was") {
    const Image<float> live = picture(kExtent, nowhere, kNoise, 7);
    const Image<float> mask = picture(kExtent, nowhere, kNoise, 8);
    const Registration last = between(picture(kExtent, breathing(0.9, {}), kNoise, 23), mask);
    REQUIRE(last.used == RegistrationMethod::mesh);
    Registrar registrar;
    RegistrationParams params;
    params.noise = static_cast<float>(std::sqrt(2.0) * kNoise);
    params.start = &last.field;
    const Registration found =
        registrar.estimate(pyramid_of(live), pyramid_of(mask), live.extent(), params);
    CHECK(found.used == RegistrationMethod::none);
    CHECK(found.field.is_zero());
}

TEST_CASE("the memory of fields forgets the mask not used for longest") {
    FieldMemory memory;
    Displacement field(kExtent);
    for (FrameIndex mask = 0; mask < 40; ++mask) {
        field.add({1.0, 0.0});
        memory.keep(mask, field);
        memory.keep(0, field);
    }
    REQUIRE(memory.find(0) != nullptr);
    CHECK(memory.find(0)->dx_px(0, 0) == 40.0F);
    REQUIRE(memory.find(39) != nullptr);
    CHECK(memory.find(1) == nullptr);
    CHECK(memory.find(100) == nullptr);
}

TEST_CASE("a still picture is left as it is") {
    const Image<float> live = picture(kExtent, nowhere, kNoise, 7);
    const Image<float> mask = picture(kExtent, nowhere, kNoise, 8);
    const Registration found = between(live, mask);
    CHECK(found.used == RegistrationMethod::none);
    CHECK(found.field.is_zero());
    CHECK_FALSE(found.reason.empty());
}

TEST_CASE("a dense column of contrast does not drag the field") {
    const Field shift = [](double, double) { return Point{2.3, -1.4}; };
    Image<float> live = picture(kExtent, shift, kNoise, 9);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 140; x < 180; ++x) {
            live(x, y) -= 0.4F;
        }
    }
    const Image<float> mask = picture(kExtent, nowhere, kNoise, 10);
    const Registration found = between(live, mask);
    CHECK(end_point_error(found.field, shift, kExtent, 24) < 0.08);
}

TEST_CASE("a picture too small to register says so") {
    const Image<float> live = picture({20, 20}, nowhere, kNoise, 11);
    const Registration found = between(live, live);
    CHECK(found.used == RegistrationMethod::none);
    CHECK(found.reason.find("small") != std::string::npos);
}

TEST_CASE("pictures without a usable pixel are not registered") {
    const Image<float> live = picture(kExtent, nowhere, kNoise, 12);
    const Image<std::uint8_t> nothing(kExtent, 0);
    Pyramid pyramid;
    build_pyramid(live.view(), nothing.view(), kPyramidLevels, pyramid);
    Registrar registrar;
    const Registration found = registrar.estimate(pyramid, pyramid, kExtent, {});
    CHECK(found.used == RegistrationMethod::none);
    CHECK_FALSE(found.reason.empty());
}
