#include "dsp/opacification/conclusion.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace dsm;

namespace {

LevelCoverage level(const char* label, Side side, bool adequate) {
    LevelCoverage one;
    one.level = label;
    one.side = side;
    one.in_view = true;
    one.adequate = adequate;
    return one;
}

std::vector<LevelCoverage> levels(bool last_cleared) {
    std::vector<LevelCoverage> all;
    for (const char* label : {"T9", "T10", "T11"}) {
        all.push_back(level(label, Side::left, true));
        all.push_back(level(label, Side::right, std::string(label) != "T11" || last_cleared));
    }
    return all;
}

Highlight leak(double confidence) {
    Highlight one;
    one.kind = LeakKind::csf_venous_fistula;
    one.confidence = confidence;
    one.side = Side::right;
    one.level = "T9-T10";
    return one;
}

}  // namespace

TEST_CASE("the conclusion names what was cleared and what was not") {
    const auto coverage = levels(false);
    const Conclusion conclusion = conclude({{}, coverage, true});
    CHECK(conclusion.category == Category::indeterminate);
    CHECK(conclusion.text.find("Cleared on both sides: T9 to T10.") != std::string::npos);
    CHECK(conclusion.text.find("Cleared on the left alone: T11.") != std::string::npos);
}

TEST_CASE("a run is negative only when all marked levels were cleared") {
    const auto coverage = levels(true);
    CHECK(conclude({{}, coverage, true}).category == Category::negative);
    CHECK(conclude({{}, coverage, false}).category == Category::inadequate);
    CHECK(conclude({{}, {}, true}).category == Category::indeterminate);
}

TEST_CASE("a leak makes the run positive, a weak one indeterminate") {
    const auto coverage = levels(true);
    const std::vector<Highlight> sure{leak(0.9)};
    const std::vector<Highlight> weak{leak(0.3)};
    const Conclusion positive = conclude({sure, coverage, true});
    CHECK(positive.category == Category::positive);
    CHECK(positive.text.find("right-sided CSF-venous fistula at T9-T10") != std::string::npos);
    CHECK(conclude({weak, coverage, true}).category == Category::indeterminate);
}

TEST_CASE("no conclusion says that there is no fistula") {
    for (const bool cleared : {false, true}) {
        for (const bool contrast : {false, true}) {
            for (const double confidence : {0.0, 0.3, 0.9}) {
                const auto coverage = levels(cleared);
                std::vector<Highlight> some;
                if (confidence > 0.0) {
                    some.push_back(leak(confidence));
                }
                const std::string text = conclude({some, coverage, contrast}).text;
                CHECK(text.find("no fistula") == std::string::npos);
                CHECK(text.find("No fistula") == std::string::npos);
                CHECK(text.find("no leak.") == std::string::npos);
            }
        }
    }
}

TEST_CASE("a conclusion does not deny the weak lines it lists, nor names one leak twice") {
    const std::vector<Highlight> weak{leak(0.15)};
    CHECK(conclude({weak, {}, true}).text.find("1 line of a confidence below 0.2") !=
          std::string::npos);
    const std::vector<Highlight> twice{leak(0.3), leak(0.25)};
    const std::string text = conclude({twice, {}, true}).text;
    REQUIRE(text.find("T9-T10") != std::string::npos);
    CHECK(text.find("T9-T10") == text.rfind("T9-T10"));
}

TEST_CASE("a leak of which less is known is named beside one whose words hold its own") {
    Highlight unplaced = leak(0.8);
    unplaced.side = Side::undetermined;
    unplaced.level.clear();
    const std::vector<Highlight> both{leak(0.9), unplaced};
    const std::string text = conclude({both, {}, true}).text;
    CHECK(text.find("right-sided CSF-venous fistula at T9-T10; CSF-venous fistula.") !=
          std::string::npos);
}
