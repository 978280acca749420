// Small recipes and pictures for the phantom's tests.
#pragma once

#include <catch2/catch.hpp>
#include <vector>

#include "dsp/phantom/recipe.h"
#include "dsp/phantom/render.h"

namespace dsm::phantom::test {

// 96 x 120 pixels of 1.2 mm: the whole field of a run at a hundredth of the work.
inline Recipe small_recipe() {
    Recipe recipe;
    recipe.name = "small";
    recipe.seed = 5;
    recipe.position = PatientPosition::right_decubitus;
    recipe.image.columns = 96;
    recipe.image.rows = 120;
    recipe.image.pixel_mm = 1.2;
    recipe.timing.frames = 12;
    recipe.timing.rate_hz = 0.4;
    recipe.contrast.start_s = 4.0;
    StructureRecipe vein;
    vein.delay_s = 3.0;
    vein.iodine_mg_ml = 40.0;
    vein.width_mm = 3.0;
    recipe.structures.push_back(vein);
    return recipe;
}

inline PhantomRun make(const Recipe& recipe) {
    Result<PhantomRun> run = PhantomRun::create(recipe);
    INFO((run ? std::string() : run.error().message()));
    REQUIRE(run.has_value());
    return std::move(*run);
}

struct Rendered {
    std::vector<std::vector<std::uint16_t>> words;
    std::vector<std::vector<float>> opacity;
};

inline Rendered render_everything(PhantomRun& run) {
    Rendered all;
    const Extent extent = run.info().extent;
    for (int frame = 0; frame < run.info().frames; ++frame) {
        std::vector<std::uint16_t> words(extent.pixels());
        std::vector<float> opacity(extent.pixels());
        run.render(frame, {words.data(), extent}, {opacity.data(), extent});
        all.words.push_back(std::move(words));
        all.opacity.push_back(std::move(opacity));
    }
    return all;
}

}  // namespace dsm::phantom::test
