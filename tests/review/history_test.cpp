#include "dsp/review/history.h"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "dsp/review/command_json.h"
#include "tests/review/random_commands.h"
#include "tests/review/scripted_edits.h"

using namespace dsm;
using dsm::test::Model;

namespace {

Edit shift(double x, const std::string& key) {
    return {SetManualShift{"1.2.3", Point{x, 0}}, {}, key};
}

// Random edits, undos and redos; few merge keys, so that they meet.
std::vector<Step> do_random_acts(Model& model) {
    std::vector<Step> steps;
    const KeepStep keep = [&](const Step& step) -> Result<void> {
        steps.push_back(step);
        return {};
    };
    const auto commands = *rc::gen::arbitrary<std::vector<Command>>();
    for (const Command& command : commands) {
        const auto act = *rc::gen::inRange(0, 6);
        if (act == 0) {
            (void)model.past.undo(model.marks, keep);
        } else if (act == 1) {
            (void)model.past.redo(model.marks, keep);
        } else {
            const auto key = *rc::gen::element<std::string>("", "a", "a", "b");
            (void)model.past.execute(model.marks, {command, {}, key}, keep);
        }
    }
    return steps;
}

}  // namespace

TEST_CASE("any acts, all undone, give the start; all redone, the end") {
    CHECK(rc::check([] {
        Model model;
        (void)do_random_acts(model);
        (void)model.past.go_to(model.marks, model.past.entries().size());
        const Review end = model.marks;
        RC_ASSERT(model.past.go_to(model.marks, 0).has_value());
        RC_ASSERT(model.marks == Review{});
        RC_ASSERT(model.past.go_to(model.marks, model.past.entries().size()).has_value());
        RC_ASSERT(model.marks == end);
    }));
}

TEST_CASE("steps replayed up to any point give the review and the history of that point") {
    CHECK(rc::check([] {
        Model model;
        std::vector<Model> states{model};
        std::vector<Step> steps;
        const KeepStep keep = [&](const Step& step) -> Result<void> {
            steps.push_back(step);
            return {};
        };
        for (const Command& command : *rc::gen::arbitrary<std::vector<Command>>()) {
            const auto act = *rc::gen::inRange(0, 6);
            const auto key = *rc::gen::element<std::string>("", "a", "a", "b");
            const auto done = act == 0 ? model.past.undo(model.marks, keep)
                              : act == 1
                                  ? model.past.redo(model.marks, keep)
                                  : model.past.execute(model.marks, {command, {}, key}, keep);
            if (done && *done) {
                states.push_back(model);
            }
        }
        RC_ASSERT(states.size() == steps.size() + 1);
        Model replayed;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const auto text = to_json(steps[i]);
            RC_ASSERT(text.has_value());
            const auto step = step_from_json(*text);
            RC_ASSERT(step.has_value());
            RC_ASSERT(*step == steps[i]);
            RC_ASSERT(replayed.past.replay(replayed.marks, *step).has_value());
            RC_ASSERT(test::same_state(replayed, states[i + 1]));
        }
    }));
}

TEST_CASE("a step that cannot be kept changes nothing") {
    CHECK(rc::check([] {
        Model model;
        (void)do_random_acts(model);
        const Model before = model;
        const KeepStep full = [](const Step&) -> Result<void> {
            return fail(ErrorKind::io, "journal", "the disk is full");
        };
        const auto command = *rc::gen::arbitrary<Command>();
        const auto done = model.past.execute(model.marks, {command, {}, "a"}, full);
        RC_ASSERT((!done || !*done));  // the macro knows no short-circuit
        (void)model.past.undo(model.marks, full);
        (void)model.past.redo(model.marks, full);
        RC_ASSERT(model.marks == before.marks);
        RC_ASSERT(model.past == before.past);
    }));
}

TEST_CASE("edits of one object with one key are one entry, undone to before the first") {
    Model model;
    REQUIRE(model.execute(shift(1, "drag-1")));
    REQUIRE(model.execute(shift(2, "drag-1")));
    REQUIRE(model.execute(shift(3, "drag-1")));
    CHECK(model.past.entries().size() == 1);
    REQUIRE(model.execute(shift(4, "drag-2")));
    REQUIRE(model.execute(shift(5, "")));
    REQUIRE(model.execute(shift(6, "")));
    CHECK(model.past.entries().size() == 4);
    REQUIRE(model.past.go_to(model.marks, 1));
    CHECK(review_of(model.marks, "1.2.3").manual_shift_px == Point{3, 0});
    REQUIRE(model.undo());
    CHECK(model.marks == Review{});
    REQUIRE(model.redo());
    CHECK(review_of(model.marks, "1.2.3").manual_shift_px == Point{3, 0});
}

TEST_CASE("edits do not merge across another object, an undo or a seal") {
    Model model;
    REQUIRE(model.execute(shift(1, "k")));
    REQUIRE(model.execute({SetLevelMark{"1.2.3", "T7", {5, 5}}, {}, "k"}));
    REQUIRE(model.execute(shift(2, "k")));
    CHECK(model.past.entries().size() == 3);
    REQUIRE(model.execute(shift(3, "k")));
    CHECK(model.past.entries().size() == 3);
    REQUIRE(model.undo());
    REQUIRE(model.redo());
    REQUIRE(model.execute(shift(4, "k")));
    CHECK(model.past.entries().size() == 4);
    model.seal();
    REQUIRE(model.execute(shift(5, "k")));
    CHECK(model.past.entries().size() == 5);
}

TEST_CASE("a new edit after undo drops what could be redone") {
    Model model;
    REQUIRE(model.execute(shift(1, "")));
    REQUIRE(model.execute(shift(2, "")));
    REQUIRE(model.undo());
    CHECK(model.past.can_redo());
    REQUIRE(model.execute({SetLevelMark{"1.2.3", "T7", {5, 5}}, "mark seven", {}}));
    CHECK_FALSE(model.past.can_redo());
    CHECK(model.past.entries().size() == 2);
    CHECK(model.past.entries().back().label == "mark seven");
    CHECK(model.past.entries().front().label == "Shift mask");
    CHECK_FALSE(*model.redo());
}
