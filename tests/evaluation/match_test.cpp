#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>

#include "dsp/evaluation/match.h"
#include "dsp/evaluation/peers.h"
#include "dsp/evaluation/resample.h"

using namespace dsm;
using namespace dsm::evaluation;

namespace {

constexpr Extent kExtent{320, 320};

// Blobs of many sizes that no shift maps on themselves; log intensity about 7.
Image<float> textured(unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> part(0.0, 1.0);
    Image<float> image(kExtent, 7.0F);
    for (int blob = 0; blob < 160; ++blob) {
        const double cx = part(random) * kExtent.width;
        const double cy = part(random) * kExtent.height;
        const double size = 4.0 + 20.0 * part(random);
        const double strength = 0.3 * (part(random) - 0.5);
        for (int y = 0; y < kExtent.height; ++y) {
            for (int x = 0; x < kExtent.width; ++x) {
                const double r2 = ((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (size * size);
                if (r2 < 9.0) {
                    image(x, y) += static_cast<float>(strength * std::exp(-0.5 * r2));
                }
            }
        }
    }
    return image;
}

Displacement uniform(Point shift_px) {
    Displacement field(kExtent, 1);
    field.add(shift_px);
    return field;
}

// Mean distance of the match's field to the truth over the middle of the picture.
double error_px(const Match& match, Point truth) {
    double sum = 0.0;
    int count = 0;
    for (int y = 40; y < kExtent.height - 40; y += 4) {
        for (int x = 40; x < kExtent.width - 40; x += 4) {
            const Point at{static_cast<double>(x), static_cast<double>(y)};
            sum += distance(match.field ? match.field->at(at) : Point{}, truth);
            ++count;
        }
    }
    return sum / count;
}

}  // namespace

TEST_CASE("every peer finds a pure shift, frame to mask, as well as its nature allows") {
    // How far off each may be, px: whole pixels for the viewer's shift, nothing for doing nothing.
    const std::map<std::string, double> limits{
        {"pixel shift", 0.72},  {"phase correlation", 0.3},  {"ECC translation", 0.05},
        {"ECC affine", 0.05},   {"DIS fast", 0.35},          {"DIS medium", 0.35},
        {"Farneback 41", 0.35}, {"phase + DIS medium", 0.35}};
    const Image<float> mask = textured(1);
    std::mt19937 random(20);
    std::uniform_real_distribution<double> part_px(-4.0, 4.0);
    for (int trial = 0; trial < 5; ++trial) {
        const Point shift{part_px(random), part_px(random)};
        const Image<float> live = moved(mask.view(), uniform(shift));
        for (const Peer& peer : all_peers(1)) {
            const auto limit = limits.find(peer.name);
            if (limit == limits.end()) {
                continue;
            }
            const auto match = peer.match({{mask.view()}, live.view()});
            REQUIRE(match.has_value());
            INFO(peer.name << " at " << shift.x << ", " << shift.y);
            CHECK(error_px(*match, shift) < limit->second);
        }
    }
}

TEST_CASE("elastix finds a pure shift, frame to mask, where it is installed") {
    if (!elastix_installed()) {
        WARN("elastix is not installed");
        return;
    }
    const Image<float> mask = textured(2);
    const Point shift{2.5, -1.5};
    const Image<float> live = moved(mask.view(), uniform(shift));
    const auto match = match_elastix({{mask.view()}, live.view()}, 1);
    REQUIRE(match.has_value());
    INFO(match->note);
    CHECK(error_px(*match, shift) < 0.35);
}

TEST_CASE("a match that moves the mask brings it to where the live frame is") {
    const Image<float> mask = textured(3);
    const Point shift{3.0, -2.0};
    const Image<float> live = moved(mask.view(), uniform(shift));
    Match match;
    match.field = uniform(shift);
    const Image<float> brought = registered(match, {mask.view()});
    for (int y = 8; y < kExtent.height - 8; ++y) {
        for (int x = 8; x < kExtent.width - 8; ++x) {
            REQUIRE(std::abs(brought(x, y) - live(x, y)) < 1e-4F);
        }
    }
}

TEST_CASE("the patch-wise choice takes each side of the picture from the mask that fits it") {
    const Image<float> left = textured(4);
    const Image<float> right = textured(5);
    Image<float> live = left.clone();
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = kExtent.width / 2; x < kExtent.width; ++x) {
            live(x, y) = right(x, y);
        }
    }
    const Match match = match_patchwise({{left.view(), right.view()}, live.view()});
    const Image<float> brought = registered(match, {left.view(), right.view()});
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            if (std::abs(x - kExtent.width / 2) > 48) {
                REQUIRE(brought(x, y) == live(x, y));
            }
        }
    }
}

TEST_CASE("the mask of the nearest phase is the one the live frame was made of") {
    std::vector<Image<float>> masks;
    for (unsigned seed = 10; seed < 14; ++seed) {
        masks.push_back(textured(seed));
    }
    for (std::size_t chosen = 0; chosen < masks.size(); ++chosen) {
        MatchInput input;
        for (const Image<float>& mask : masks) {
            input.masks.push_back(mask.view());
        }
        input.live = masks[chosen].view();
        CHECK(match_nearest_phase(input).mask == chosen);
    }
}

TEST_CASE("phase correlation leaves its pictures as they were") {
    const Image<float> mask = textured(6);
    const Image<float> live = textured(7);
    const Image<float> mask_before = mask.clone();
    const Image<float> live_before = live.clone();
    static_cast<void>(match_phase_correlation({{mask.view()}, live.view()}));
    CHECK(std::equal(mask.pixels().begin(), mask.pixels().end(), mask_before.pixels().begin()));
    CHECK(std::equal(live.pixels().begin(), live.pixels().end(), live_before.pixels().begin()));
}
