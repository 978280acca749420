#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "dsp/phantom/cohort.h"
#include "dsp/phantom/recipe.h"
#include "tests/support/support.h"

using namespace dsm::phantom;

namespace {

std::string refusal(const std::string& text) {
    const auto recipe = parse_recipe(text, "r.json");
    REQUIRE_FALSE(recipe.has_value());
    CHECK(recipe.error().kind == dsm::ErrorKind::invalid_input);
    return recipe.error().message();
}

}  // namespace

TEST_CASE("An empty recipe is a run of defaults") {
    const auto recipe = parse_recipe("{}", "r.json");
    REQUIRE(recipe.has_value());
    CHECK(recipe->image.columns == 512);
    CHECK(recipe->structures.empty());
}

TEST_CASE("A refused recipe names the file, the key and what is wrong") {
    using Catch::Contains;
    CHECK_THAT(refusal(R"({"imagee": {}})"), Contains("r.json") && Contains("imagee"));
    CHECK_THAT(refusal(R"({"motion": {"breathing": {"amplitude_mm": 300}}})"),
               Contains("motion.breathing.amplitude_mm") && Contains("300"));
    CHECK_THAT(refusal(R"({"motion": {"breathing": {"amplitud_mm": 3}}})"),
               Contains("motion.breathing.amplitud_mm"));
    CHECK_THAT(refusal(R"({"image": {"rows": 100.5}})"), Contains("image.rows"));
    CHECK_THAT(refusal(R"({"image": {"rows": 1e300}})"), Contains("image.rows"));
    CHECK_THAT(refusal(R"({"image": []})"), Contains("image"));
    CHECK_THAT(refusal(R"({"image": {"codec": "mp3"}})"), Contains("jpeg_ls"));
    CHECK_THAT(refusal(R"({"structures": [{"level": "T9"}]})"), Contains("structures[0].level"));
    CHECK_THAT(refusal(R"({"structures": [{}, {"side": "middle"}]})"),
               Contains("structures[1].side"));
    CHECK_THAT(refusal(R"({"anatomy": {"center_level": "X1"}})"), Contains("center_level"));
    CHECK_THAT(refusal(R"({"schema": "dsm-recipe/9"})"), Contains("schema"));
    CHECK_THAT(refusal("{"), Contains("JSON"));
    CHECK_THAT(refusal("[1]"), Contains("object"));
    CHECK_THAT(refusal(R"({"image": {"rows": 2048, "columns": 2048}, "timing": {"frames": 2000}})"),
               Contains("timing.frames"));
}

TEST_CASE("A recipe written out and read again is the same") {
    for (int index = 0; index < 20; ++index) {
        const Recipe recipe = cohort_recipe(4, index);
        const std::string text = recipe_text(recipe);
        const auto again = parse_recipe(text, "again");
        INFO((again ? std::string() : again.error().message()));
        REQUIRE(again.has_value());
        CHECK(recipe_text(*again) == text);
    }
}

TEST_CASE("Half of a cohort has no leak") {
    for (int index = 0; index < 40; ++index) {
        bool leak = false;
        for (const StructureRecipe& structure : cohort_recipe(8, index).structures) {
            leak =
                leak || structure.kind == "csf_venous_fistula" || structure.kind == "extravasation";
        }
        CHECK(leak == (index % 2 == 1));
    }
}

TEST_CASE("Every recipe in sample_runs can be read") {
    const std::filesystem::path folder = std::filesystem::path(DSM_SOURCE_DIR) / "sample_runs";
    int found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        const bool recipe = entry.path().parent_path() == folder || name == "recipe.json";
        if (entry.path().extension() == ".json" && recipe) {
            const auto read = read_recipe(entry.path());
            INFO((read ? entry.path().string() : read.error().message()));
            CHECK(read.has_value());
            ++found;
        }
    }
    CHECK(found >= 10);
}

TEST_CASE("The splits of a cohort have no run in common, and each is the same every time") {
    for (int index = 0; index < 12; ++index) {
        const Recipe train = cohort_recipe(4, index, Split::train);
        const Recipe held_out = cohort_recipe(4, index, Split::held_out);
        CHECK(train.seed != held_out.seed);
        CHECK(recipe_text(train) != recipe_text(held_out));
        CHECK(recipe_text(held_out) == recipe_text(cohort_recipe(4, index, Split::held_out)));
        const auto again = parse_recipe(recipe_text(held_out), "r.json");
        REQUIRE(again.has_value());
        CHECK(again->split == Split::held_out);
    }
}
