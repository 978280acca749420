#include "dsp/subtraction/linearise.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace dsm;

namespace {

RunInfo run_of(PixelIntensityRelationship relationship, int bits = 12) {
    RunInfo run;
    run.extent = {4, 1};
    run.frames = 1;
    run.bits_stored = bits;
    run.high_bit = bits - 1;
    run.intensity.relationship = relationship;
    return run;
}

double opacity(const Lineariser& lineariser, std::uint16_t mask, std::uint16_t live) {
    return static_cast<double>(lineariser.log_intensity(mask)) -
           static_cast<double>(lineariser.log_intensity(live));
}

}  // namespace

TEST_CASE("opacity of linear values is ln(mask / live)") {
    const Lineariser lineariser(run_of(PixelIntensityRelationship::linear));
    CHECK(opacity(lineariser, 1020, 1000) == Approx(std::log(1.02)).epsilon(1e-4));
    CHECK_FALSE(lineariser.relative());
    CHECK(std::isfinite(lineariser.log_intensity(0)));
}

TEST_CASE("LIN and LOG with its LUT give the same opacity") {
    RunInfo logarithmic = run_of(PixelIntensityRelationship::logarithmic);
    for (int v = 0; v < 4096; ++v) {
        logarithmic.intensity.to_linear.push_back(
            static_cast<float>(std::exp(v * std::log(4096.0) / 4095.0)));
    }
    const Lineariser lin(run_of(PixelIntensityRelationship::linear));
    const Lineariser log(logarithmic);
    const auto stored = [](double intensity) {
        return static_cast<std::uint16_t>(
            std::lround(std::log(intensity) * 4095.0 / std::log(4096.0)));
    };
    // The stored logarithm is rounded to 0.002.
    CHECK(opacity(log, stored(3000), stored(2000)) ==
          Approx(opacity(lin, 3000, 2000)).margin(0.0021));
    CHECK_FALSE(log.relative());
}

TEST_CASE("LOG without a LUT takes the full scale as 2^bits and says it is relative") {
    const Lineariser lineariser(run_of(PixelIntensityRelationship::logarithmic));
    CHECK(lineariser.relative());
    CHECK(opacity(lineariser, 4095, 0) == Approx(std::log(4096.0)).epsilon(1e-5));
}

TEST_CASE("optical density in thousandths is absolute") {
    RunInfo run = run_of(PixelIntensityRelationship::logarithmic);
    run.intensity.has_rescale = true;
    run.intensity.rescale_type = "OD";
    const Lineariser lineariser(run);
    CHECK_FALSE(lineariser.relative());
    // Denser by one: a tenth of the light.
    CHECK(opacity(lineariser, 1000, 2000) == Approx(std::log(10.0)).epsilon(1e-5));
}

TEST_CASE("sign -1 turns the scale round: larger is darker") {
    RunInfo run = run_of(PixelIntensityRelationship::linear);
    run.intensity.sign = -1;
    const Lineariser lineariser(run);
    CHECK(opacity(lineariser, 1000, 2000) == Approx(std::log(3095.0 / 2095.0)).epsilon(1e-4));
}

TEST_CASE("signed values start at the bottom of their scale") {
    RunInfo run = run_of(PixelIntensityRelationship::linear);
    run.is_signed = true;
    run.stored_offset = -2048;
    const Lineariser lineariser(run);
    CHECK(opacity(lineariser, 1020, 1000) == Approx(std::log(1.02)).epsilon(1e-4));
}

TEST_CASE("both ends of the scale are no measurement") {
    const RunInfo run = run_of(PixelIntensityRelationship::linear);
    const Lineariser lineariser(run);
    Image<std::uint16_t> words(run.extent);
    words(0, 0) = 0;
    words(1, 0) = 1;
    words(2, 0) = 4094;
    words(3, 0) = 4095;
    Image<float> log_intensity(run.extent);
    Image<std::uint8_t> usable(run.extent);
    lineariser.apply(words.view(), log_intensity.view(), usable.view());
    CHECK(usable(0, 0) == 0);
    CHECK(usable(1, 0) == 1);
    CHECK(usable(2, 0) == 1);
    CHECK(usable(3, 0) == 0);
}

TEST_CASE("an unknown relationship is worked with, and is relative") {
    CHECK(Lineariser(run_of(PixelIntensityRelationship::unknown)).relative());
}
