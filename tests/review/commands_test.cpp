#include "dsp/review/commands.h"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <limits>

#include "dsp/core/levels.h"
#include "tests/review/random_commands.h"

using namespace dsm;

namespace {
const std::string kRun = "1.2.3";

Annotation arrow(MarkId id) {
    return {id, ArrowShape{{10, 20}, {30, 40}}, "vein", FrameRange{4, 9}, false, {"RB", ""}};
}
}  // namespace

TEST_CASE("any commands, undone in reverse, give the start; their inverses undone give the end") {
    const bool held = rc::check([](const std::vector<Command>& commands) {
        Review review;
        std::vector<Review> before;
        std::vector<Command> inverses;
        for (const Command& command : commands) {
            const Review start = review;
            const bool valid = validate(review, command).has_value();
            auto inverse = execute(review, command);
            RC_ASSERT(inverse.has_value() == (review != start));
            RC_ASSERT(valid || !inverse);
            if (inverse) {
                before.push_back(start);
                inverses.push_back(std::move(*inverse));
            }
        }
        const Review end = review;
        std::vector<Command> redo;
        for (std::size_t i = inverses.size(); i-- > 0;) {
            auto again = execute(review, inverses[i]);
            RC_ASSERT(again.has_value());
            RC_ASSERT(review == before[i]);
            redo.push_back(std::move(*again));
        }
        RC_ASSERT(review == Review{});
        for (std::size_t i = redo.size(); i-- > 0;) {
            RC_ASSERT(execute(review, redo[i]).has_value());
        }
        RC_ASSERT(review == end);
    });
    CHECK(held);
}

TEST_CASE("level marks of any review never contradict each other") {
    const bool held = rc::check([](const std::vector<Command>& commands) {
        Review review;
        for (const Command& command : commands) {
            (void)execute(review, command);
            for (const auto& [uid, run] : review.runs) {
                RC_ASSERT(run.levels.size() < 2 || interpolate_levels(run.levels).has_value());
            }
        }
    });
    CHECK(held);
}

TEST_CASE("a level mark that contradicts the others is refused with the reason") {
    Review review;
    REQUIRE(execute(review, SetLevelMark{kRun, "T6", {500, 300}}));
    REQUIRE(execute(review, SetLevelMark{kRun, "T12", {500, 900}}));
    const Review before = review;
    const auto why = validate(review, SetLevelMark{kRun, "T9", {500, 200}});
    REQUIRE_FALSE(why);
    CHECK(why.error().message().find("T9 does not lie beyond T6") != std::string::npos);
    CHECK_FALSE(execute(review, SetLevelMark{kRun, "T9", {500, 200}}));
    CHECK(review == before);
    CHECK(execute(review, SetLevelMark{kRun, "T9", {500, 600}}));
    CHECK(find_level(review_of(review, kRun), "T9")->center_px == Point{500, 600});
}

TEST_CASE("a group with one refused member changes nothing and says which") {
    Review review;
    REQUIRE(execute(review, AddAnnotation{kRun, arrow(1)}));
    const Review before = review;
    const Command group = CommandGroup{
        {RemoveAnnotation{kRun, 1}, SetManualShift{kRun, Point{1, 2}}, RemoveAnnotation{kRun, 9}}};
    const auto done = try_execute(review, group);
    REQUIRE_FALSE(done);
    CHECK(done.error().message().find("annotation 9") != std::string::npos);
    CHECK(review == before);
}

TEST_CASE("a key image is kept once by its number, noted, and taken away and brought back whole") {
    Review review;
    KeyImage image{1, 30, {}, "", {"RB", ""}};
    image.shown.window = {0.1, 0.3};
    REQUIRE(execute(review, AddKeyImage{kRun, image}));
    CHECK_FALSE(validate(review, AddKeyImage{kRun, image}));
    image.note = "drains to the azygos";
    REQUIRE(execute(review, EditKeyImage{kRun, image}));
    const Review noted = review;
    const auto back = execute(review, RemoveKeyImage{kRun, 1});
    REQUIRE(back);
    CHECK(review == Review{});
    REQUIRE(execute(review, *back));
    CHECK(review == noted);
    CHECK(next_key_image_id(review_of(review, kRun)) == 2);
    CHECK_FALSE(validate(review, RemoveKeyImage{kRun, 2}));
    CHECK_FALSE(validate(review, EditKeyImage{kRun, {2, 1, {}, "", {}}}));
    image.id = 2;
    image.shown.window.width = 0.0;
    CHECK_FALSE(validate(review, AddKeyImage{kRun, image}));
    image.shown.window.width = 1.0;
    image.shown.part = ShownPart{{10, 10}, {10, 20}};
    CHECK_FALSE(validate(review, AddKeyImage{kRun, image}));
    image.shown.part.reset();
    image.frame = -1;
    CHECK_FALSE(validate(review, AddKeyImage{kRun, image}));
    CHECK(describe(AddKeyImage{kRun, noted.runs.at(kRun).key_images[0]}) ==
          "Key image 1, frame 31");
}

TEST_CASE("levels are renumbered by one group, undone by its inverse") {
    Review review;
    REQUIRE(execute(review, SetLevelMark{kRun, "T6", {500, 300}}));
    REQUIRE(execute(review, SetLevelMark{kRun, "T7", {500, 400}}));
    const Review before = review;
    const auto inverse = execute(
        review,
        CommandGroup{{RemoveLevelMark{kRun, "T6"}, RemoveLevelMark{kRun, "T7"},
                      SetLevelMark{kRun, "T7", {500, 300}}, SetLevelMark{kRun, "T8", {500, 400}}}});
    REQUIRE(inverse);
    CHECK(find_level(review_of(review, kRun), "T8") != nullptr);
    REQUIRE(execute(review, *inverse));
    CHECK(review == before);
}

TEST_CASE("shapes without extent, numbers that are none and text that is not UTF-8 are refused") {
    const Review review;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto refused = [&](Annotation annotation) {
        return !validate(review, AddAnnotation{kRun, std::move(annotation)}).has_value();
    };
    CHECK_FALSE(refused(arrow(1)));
    CHECK(refused(arrow(0)));
    CHECK(refused({1, ArrowShape{{nan, 0}, {1, 1}}, "", {}, false, {}}));
    CHECK(refused({1, EllipseShape{{5, 5}, 3, 0}, "", {}, false, {}}));
    CHECK(refused({1, PolygonShape{{{0, 0}, {1, 1}}}, "", {}, false, {}}));
    CHECK(refused({1, TextShape{{5, 5}}, "", {}, false, {}}));
    CHECK(refused({1, ArrowShape{{0, 0}, {1, 1}}, "", FrameRange{5, 4}, false, {}}));
    CHECK(refused({1, ArrowShape{{0, 0}, {1, 1}}, "", {}, true, {}}));
    for (const std::string bad :
         {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x86", "\xFF"}) {
        CHECK(refused({1, TextShape{{5, 5}}, bad, {}, false, {}}));
    }
    CHECK_FALSE(validate(review, SetManualShift{kRun, Point{0, nan}}).has_value());
    CHECK_FALSE(validate(review, SetManualShift{"", Point{0, 1}}).has_value());
    CHECK_FALSE(validate(review, SetMaskFrames{kRun, std::vector<FrameIndex>{3, 3}}).has_value());
    CHECK_FALSE(validate(review, SetMaskFrames{kRun, std::vector<FrameIndex>{}}).has_value());
}

TEST_CASE("a verdict stays with its place when highlights are numbered anew") {
    Review review;
    Highlight vein;
    vein.id = 1;
    vein.seed_px = {560, 410};
    REQUIRE(execute(review,
                    verdict_command(review, kRun, vein, Verdict::confirmed, "late", {"RB", ""})));
    Highlight elsewhere = vein;
    elsewhere.seed_px = {200, 410};
    CHECK(verdict_on(review_of(review, kRun), elsewhere) == nullptr);
    Highlight renumbered = vein;
    renumbered.id = 4;
    renumbered.seed_px = {562, 409};
    REQUIRE(verdict_on(review_of(review, kRun), renumbered) != nullptr);
    REQUIRE(execute(review, verdict_command(review, kRun, elsewhere, Verdict::rejected, "", {})));
    CHECK(review_of(review, kRun).verdicts.size() == 2);
    REQUIRE(execute(review, verdict_command(review, kRun, renumbered, Verdict::none, "", {})));
    CHECK(verdict_on(review_of(review, kRun), vein) == nullptr);
    CHECK(review_of(review, kRun).verdicts.size() == 1);
    CHECK_FALSE(execute(review, verdict_command(review, kRun, vein, Verdict::none, "", {})));
}
